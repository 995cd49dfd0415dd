/**
 * Spearman's rank correlation, from −1 to 1; equal values share the mean of their ranks (Spearman 1904).
 * @returns null for fewer than three pairs, or where one side is all alike
 */
export function rankCorrelation(pairs: readonly (readonly [x: number, y: number])[]): number | null {
  if (pairs.length < 3) return null;
  const x = ranksOf(pairs.map(([first]) => first));
  const y = ranksOf(pairs.map(([, second]) => second));
  const middle = (pairs.length + 1) / 2;
  let products = 0;
  let squaresX = 0;
  let squaresY = 0;
  for (const [i, rank] of x.entries()) {
    const dx = rank - middle;
    const dy = (y[i] as number) - middle;
    products += dx * dy;
    squaresX += dx * dx;
    squaresY += dy * dy;
  }
  const spread = Math.sqrt(squaresX * squaresY);
  return spread === 0 ? null : products / spread;
}

/** Ranks from 1 upwards, in the order of the values. */
function ranksOf(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1);
}
