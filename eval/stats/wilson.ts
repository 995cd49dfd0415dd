import { Z_TWO_SIDED, type Estimate } from "./estimate.ts";

/**
 * Share k / n with Wilson's score interval, which stays inside [0, 1] and keeps a width at 0 and at n successes, where
 * the textbook interval collapses to a point.
 * @param successes 0 ≤ successes ≤ n; a fraction is allowed (a mean of task means times the number of tasks)
 * @param n trials, ≥ 0; 0 gives an absent estimate
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 */
export function wilson(successes: number, n: number): Estimate {
  if (successes < 0 || successes > n) {
    throw new RangeError(`wilson: expected 0 ≤ successes ≤ n, got ${successes} of ${n}.`);
  }
  if (n === 0) return { value: null, lower: null, upper: null, n: 0 };
  const share = successes / n;
  const z2 = Z_TWO_SIDED * Z_TWO_SIDED;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z_TWO_SIDED / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return {
    value: share,
    // At the ends the exact bounds are 0 and 1; rounding would leave them a hair off.
    lower: successes === 0 ? 0 : Math.max(0, centre - half),
    upper: successes === n ? 1 : Math.min(1, centre + half),
    n,
  };
}
