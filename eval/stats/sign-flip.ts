import { rngFor, type Rng } from "../../env/core/rng.ts";
import { sum } from "./tasks.ts";

/** Up to this many differing tasks every assignment of signs is looked at: a million, some milliseconds. */
const MAX_EXACT_TASKS = 20;

/** Random assignments beyond that: the error of a p of 0.05 is then about 0.0007. */
const RANDOM_FLIPS = 100_000;

/** Sums equal but for rounding count as equal; otherwise the observed assignment might not count itself. */
const TOLERANCE = 1e-9;

/**
 * Two-sided sign-flip permutation test of a mean difference of 0: if two agents were equal, each task's difference
 * could as well have had the other sign.
 * @param differences one per task: mean of A minus mean of B
 * @returns p in (0, 1]; 1 when nothing differs; `null` without tasks
 * Sources: R. A. Fisher, "The design of experiments" (1935); for the +1 in a random sample of flips, B. Phipson and
 * G. Smyth, "Permutation p-values should never be zero" (2010).
 */
export function signFlip(differences: readonly number[], seed: number): number | null {
  if (differences.length === 0) return null;
  // A zero has no sign to flip; without zeros the same exact p needs fewer flips.
  const sizes = differences.filter((difference) => difference !== 0).map((difference) => Math.abs(difference));
  if (sizes.length === 0) return 1;
  const observed = Math.abs(sum(differences.toSorted((a, b) => a - b)));
  const bar = observed - TOLERANCE * sum(sizes);
  if (sizes.length <= MAX_EXACT_TASKS) return countReaching(sizes, bar, 0, 0) / countAssignments(sizes.length);
  const rng = rngFor(seed, "sign-flip", sizes.length);
  let reached = 0;
  for (let i = 0; i < RANDOM_FLIPS; i += 1) if (Math.abs(randomSum(sizes, rng)) >= bar) reached += 1;
  return (reached + 1) / (RANDOM_FLIPS + 1);
}

const countAssignments = (tasks: number): number => 2 ** tasks;

/** Assignments of signs to `sizes[from…]` that bring `|total|` to the bar, by walking the tree of choices. */
function countReaching(sizes: readonly number[], bar: number, from: number, total: number): number {
  if (from === sizes.length) return Math.abs(total) >= bar ? 1 : 0;
  const size = sizes[from] as number;
  return countReaching(sizes, bar, from + 1, total + size) + countReaching(sizes, bar, from + 1, total - size);
}

function randomSum(sizes: readonly number[], rng: Rng): number {
  let total = 0;
  for (const size of sizes) total += rng() < 0.5 ? size : -size;
  return total;
}
