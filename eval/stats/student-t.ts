import { incompleteBeta } from "./incomplete-beta.ts";

/**
 * Distribution function of Student's t.
 * @param t any finite number
 * @param df degrees of freedom, > 0
 * Source: Abramowitz and Stegun 26.7.1, by way of the incomplete beta function.
 */
export function studentTCdf(t: number, df: number): number {
  const tail = incompleteBeta(df / (df + t * t), df / 2, 0.5) / 2;
  return t < 0 ? tail : 1 - tail;
}

/**
 * Quantile of Student's t, by bisection down to neighbouring doubles: some sixty cheap steps, and no starting value
 * that could diverge.
 * @param p probability, 0 < p < 1
 * @param df degrees of freedom, > 0
 */
export function studentTQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1 && df > 0)) {
    throw new RangeError(`studentTQuantile: expected 0 < p < 1 and df > 0, got p = ${p}, df = ${df}.`);
  }
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentTQuantile(1 - p, df);
  let low = 0;
  let high = 1;
  while (studentTCdf(high, df) < p && high < Number.MAX_SAFE_INTEGER) high *= 2;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (studentTCdf(middle, df) < p) low = middle;
    else high = middle;
  }
}
