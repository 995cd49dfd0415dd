/**
 * Holm's adjustment: p-values that may be held against one level although several hypotheses were tested.
 * @param pValues one per hypothesis; an absent one (nothing to test) stays absent and is not counted as a test
 * @returns adjusted values in the same order, each ≤ 1 and ≥ the one given
 * Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6 (1979).
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const tested = pValues
    .flatMap((p, index) => (p === null ? [] : [{ p, index }]))
    .toSorted((a, b) => a.p - b.p || a.index - b.index);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let largest = 0;
  for (const [rank, { p, index }] of tested.entries()) {
    largest = Math.max(largest, Math.min(1, p * (tested.length - rank)));
    adjusted[index] = largest;
  }
  return adjusted;
}
