import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** A long check: a script that prints one JSON line and exits with 0 when its bar is met. */
interface Bar {
  readonly name: string;
  readonly script: string;
  /** Arguments in CI; by hand a script runs at full size. */
  readonly ci: readonly string[];
}

const bars: readonly Bar[] = [
  { name: "load", script: "load.ts", ci: ["1000", "120", "100", "1"] },
  { name: "slots", script: "slots.ts", ci: ["10000", "1000", "60000", "1"] },
  { name: "fuzz", script: "fuzz.ts", ci: ["10000", "1"] },
  { name: "frames", script: "frames.ts", ci: ["10000", "2000", "1"] },
  { name: "exhaustion", script: "exhaustion.ts", ci: ["60", "200", "1"] },
  { name: "crawl", script: "crawl.ts", ci: ["1", "5000", "1"] },
  { name: "drain", script: "drain.ts", ci: ["10", "200", "50", "1"] },
  { name: "model", script: "model.ts", ci: ["2000", "300", "10", "1"] },
  { name: "retries", script: "retries.ts", ci: ["1000", "10000", "2000", "200", "1"] },
  { name: "isolation", script: "isolation.ts", ci: ["2000", "300", "100000", "1000000", "1"] },
  { name: "providers", script: "providers.ts", ci: ["5000", "2"] },
  { name: "instances", script: "instances.ts", ci: ["50"] },
  { name: "expert", script: "expert.ts", ci: ["20"] },
  { name: "anchors", script: "anchors.ts", ci: [] },
  { name: "leaks", script: "leaks.ts", ci: ["300", "100", "10"] },
  { name: "identifiability", script: "identifiability.ts", ci: ["50"] },
  { name: "monotone", script: "monotone.ts", ci: ["50"] },
];

/** `npm run torture [-- --ci] [NAME …]`: the bars one after the other, each in a process of its own. */
const names = process.argv.slice(2).filter((argument) => argument !== "--ci");
const isCi = process.argv.includes("--ci");
const unknown = names.find((name) => !bars.some((bar) => bar.name === name));
if (unknown !== undefined) {
  process.stderr.write(`Unknown bar "${unknown}". Bars: ${bars.map(({ name }) => name).join(", ")}.\n`);
  process.exit(2);
}

/** In CI a bar that hangs must leave time for the others. */
const LONGEST_CI_MS = 600_000;

const chosen = bars.filter((bar) => names.length === 0 || names.includes(bar.name));
let failed = 0;
for (const { name, script, ci } of chosen) {
  const began = performance.now();
  const argv = ["--import", "tsx", join(import.meta.dirname, script), ...(isCi ? ci : [])];
  const { status } = spawnSync(process.execPath, argv, {
    stdio: ["ignore", "inherit", "inherit"],
    ...(isCi ? { timeout: LONGEST_CI_MS } : {}),
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  process.stderr.write(`${status === 0 ? "met" : "NOT MET"}: ${name}, ${seconds} s\n`);
  if (status !== 0) failed += 1;
}
process.stdout.write(`${chosen.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
