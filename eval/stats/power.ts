import { Z_TWO_SIDED } from "./estimate.ts";

/** Standard normal quantile of the power, 80 %. */
const Z_POWER = 0.8416212335729143;

/** Standard deviation of a paired difference of success, as assumed for planning: agents that often agree. */
export const PLANNING_SD = 0.5;

/**
 * Smallest true difference that a paired comparison finds in four of five repetitions, two-sided at 0.05.
 * `null` without pairs.
 * @param pairs number of pairs, ≥ 0
 * @param sd standard deviation of a paired difference, in the unit of the answer
 */
export const smallestDetectable = (pairs: number, sd = PLANNING_SD): number | null =>
  pairs > 0 ? ((Z_TWO_SIDED + Z_POWER) * sd) / Math.sqrt(pairs) : null;

/** Pairs needed to find a difference with the same power: 50 for 0.20, 197 for 0.10 at the planning deviation. */
export function pairsNeeded(difference: number, sd = PLANNING_SD): number {
  if (!(difference > 0)) throw new RangeError(`pairsNeeded: expected a difference > 0, got ${difference}.`);
  const ratio = ((Z_TWO_SIDED + Z_POWER) * sd) / difference;
  return Math.ceil(ratio * ratio);
}
