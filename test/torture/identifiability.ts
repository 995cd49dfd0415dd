import { LEAST_SIGMAS, smallestGaps } from "../leaks/identifiability.ts";

/**
 * For each pair of siblings, the evidence that tells them apart at the worst of many seeds.
 * Usage: identifiability.ts [seeds], 200 without.
 */
const seeds = Number(process.argv[2] ?? 200);
const gaps = smallestGaps(seeds);
for (const { task, pair, seed, sigmas, item } of gaps) {
  const size = sigmas === Infinity ? "without noise" : `${sigmas.toFixed(1)} σ`;
  process.stdout.write(`${task}  ${pair}  ${size.padStart(14)}  seed ${seed}: ${item}\n`);
}
const near = gaps.filter(({ sigmas }) => sigmas <= LEAST_SIGMAS).length;
process.stdout.write(`${JSON.stringify({ bar: "identifiability", seeds, pairs: gaps.length, near })}\n`);
process.exitCode = near === 0 ? 0 : 1;
