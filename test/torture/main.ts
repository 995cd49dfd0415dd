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

let failed = 0;
for (const { name, script, ci } of bars.filter((bar) => names.length === 0 || names.includes(bar.name))) {
  const began = performance.now();
  const argv = ["--import", "tsx", join(import.meta.dirname, script), ...(isCi ? ci : [])];
  const { status } = spawnSync(process.execPath, argv, { stdio: ["ignore", "inherit", "inherit"] });
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  process.stderr.write(`${status === 0 ? "met" : "NOT MET"}: ${name}, ${seconds} s\n`);
  if (status !== 0) failed += 1;
}
process.stdout.write(`${bars.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
