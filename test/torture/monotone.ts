import { everySibling } from "../helpers.ts";
import { MOST_WORSE, worstSetback } from "../leaks/monotone.ts";
import type { Setback } from "../leaks/monotone.ts";

/**
 * How much worse the reference fix of every sibling makes an objective on its way, at the worst of many seeds.
 * Usage: monotone.ts [seeds], 200 without.
 */
const seeds = Number(process.argv[2] ?? 200);
let failing = 0;
for (const { name, task, sibling } of everySibling) {
  let worst: Setback = { objective: "none", tick: 0, worse: 0 };
  for (let seed = 0; seed < seeds; seed += 1) {
    const setback = worstSetback(task, seed, sibling);
    if (setback !== null && setback.worse > worst.worse) worst = setback;
  }
  const { objective, tick, worse } = worst;
  if (worse > MOST_WORSE) failing += 1;
  process.stdout.write(`${name}  ${(100 * worse).toFixed(1).padStart(6)} %  ${objective}, tick ${tick}\n`);
}
process.stdout.write(`${JSON.stringify({ bar: "monotone", seeds, siblings: everySibling.length, failing })}\n`);
process.exitCode = failing === 0 ? 0 : 1;
