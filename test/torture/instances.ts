import { coreSuite } from "../../tasks/index.ts";
import { validateInstance } from "../../tasks/validate.ts";

/**
 * Every cause of every task over many seeds: healthy before, breached after, cured by each listed fix and by nothing
 * else. Usage: instances.ts [seeds], 1,000 without.
 */
const seeds = Number(process.argv[2] ?? 1000);
let instances = 0;
let problems = 0;
for (const task of coreSuite.tasks) {
  for (let sibling = 0; sibling < task.siblings.length; sibling += 1) {
    for (let seed = 0; seed < seeds; seed += 1) {
      instances += 1;
      for (const { check, detail } of validateInstance(task, seed, sibling)) {
        problems += 1;
        process.stderr.write(`${task.id} seed ${seed} cause ${sibling + 1}: ${check}: ${detail}\n`);
      }
    }
  }
}
process.stdout.write(`${JSON.stringify({ bar: "instances", seeds, instances, problems })}\n`);
process.exitCode = problems === 0 ? 0 : 1;
