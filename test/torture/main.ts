import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import pLimit from "p-limit";

/** A long check: a script that prints one JSON line and exits with 0 when its bar is met. */
interface Bar {
  readonly name: string;
  readonly script: string;
  /** Arguments in CI; by hand a script runs at full size. */
  readonly ci: readonly string[];
  /** Whether it measures latencies, rates or memory, which anything beside it would spoil. */
  readonly alone?: true;
}

const bars: readonly Bar[] = [
  { name: "load", alone: true, script: "load.ts", ci: ["1000", "120", "100", "1"] },
  { name: "slots", alone: true, script: "slots.ts", ci: ["10000", "1000", "60000", "1"] },
  { name: "fuzz", script: "fuzz.ts", ci: ["10000", "1"] },
  { name: "frames", script: "frames.ts", ci: ["10000", "2000", "1"] },
  { name: "exhaustion", alone: true, script: "exhaustion.ts", ci: ["60", "200", "1"] },
  { name: "crawl", script: "crawl.ts", ci: ["1", "5000", "1"] },
  { name: "drain", alone: true, script: "drain.ts", ci: ["10", "200", "50", "1"] },
  { name: "model", script: "model.ts", ci: ["2000", "300", "10", "1"] },
  { name: "retries", script: "retries.ts", ci: ["1000", "10000", "2000", "200", "1"] },
  { name: "isolation", script: "isolation.ts", ci: ["2000", "300", "100000", "1000000", "1"] },
  { name: "verify", script: "verify.ts", ci: ["10000", "100", "1"] },
  { name: "kill", script: "kill.ts", ci: ["30", "5", "1"] },
  { name: "sweep", script: "sweep.ts", ci: ["1", "12", "100", "1"] },
  { name: "providers", script: "providers.ts", ci: ["5000", "2"] },
  { name: "instances", script: "instances.ts", ci: ["50"] },
  { name: "expert", script: "expert.ts", ci: ["20"] },
  { name: "anchors", script: "anchors.ts", ci: [] },
  { name: "leaks", script: "leaks.ts", ci: ["300", "100", "10"] },
  { name: "identifiability", script: "identifiability.ts", ci: ["50"] },
  { name: "monotone", script: "monotone.ts", ci: ["50"] },
];

/** `npm run torture [-- --ci] [NAME …]`: the bars, each in a process of its own: two at once unless they measure. */
const names = process.argv.slice(2).filter((argument) => argument !== "--ci");
const isCi = process.argv.includes("--ci");
const unknown = names.find((name) => !bars.some((bar) => bar.name === name));
if (unknown !== undefined) {
  process.stderr.write(`Unknown bar "${unknown}". Bars: ${bars.map(({ name }) => name).join(", ")}.\n`);
  process.exit(2);
}

/** In CI a bar that hangs must leave time for the others. */
const LONGEST_CI_MS = 600_000;

/** Of those that measure nothing. */
const AT_ONCE = 2;

const chosen = bars.filter((bar) => names.length === 0 || names.includes(bar.name));
const many = pLimit(AT_ONCE);
const alone = chosen.filter((bar) => bar.alone);
const results = await Promise.all(chosen.filter((bar) => !bar.alone).map((bar) => many(() => meets(bar))));
for (const bar of alone) results.push(await meets(bar)); // oxlint-disable-line no-await-in-loop
const failed = results.filter((isMet) => !isMet).length;
process.stdout.write(`${chosen.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs a bar in a process of its own, and prints what it has printed when it has ended. */
async function meets({ name, script, ci }: Bar): Promise<boolean> {
  const began = performance.now();
  const argv = ["--import", "tsx", join(import.meta.dirname, script), ...(isCi ? ci : [])];
  const child = spawn(process.execPath, argv, {
    stdio: ["ignore", "pipe", "pipe"],
    ...(isCi ? { timeout: LONGEST_CI_MS } : {}),
  });
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = (await once(child, "close")) as [number | null];
  const [stdout, stderr] = await printed;
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  process.stdout.write(stdout);
  process.stderr.write(`${stderr}${status === 0 ? "met" : "NOT MET"}: ${name}, ${seconds} s\n`);
  return status === 0;
}
