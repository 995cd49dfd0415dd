import { incompleteBeta } from "./incomplete-beta.ts";

/**
 * Exact two-sided McNemar test: were the pairs on which two agents differ split evenly?
 * @param onlyA pairs where A alone succeeded, whole number ≥ 0
 * @param onlyB pairs where B alone succeeded
 * @returns p in (0, 1]; 1 when no pair differs
 * Source: Q. McNemar, Psychometrika 12 (1947); the binomial tail is an incomplete beta (DLMF 8.17.5).
 */
export function mcnemar(onlyA: number, onlyB: number): number {
  const differing = onlyA + onlyB;
  const fewer = Math.min(onlyA, onlyB);
  if (2 * fewer === differing) return 1;
  return Math.min(1, 2 * incompleteBeta(0.5, differing - fewer, fewer + 1));
}
