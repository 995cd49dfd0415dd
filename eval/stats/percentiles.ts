/**
 * Quantile of values sorted upwards, interpolated linearly between ranks (type 7 of Hyndman and Fan 1996, the default
 * of R and NumPy); `null` over nothing.
 * @param p 0 ≤ p ≤ 1
 */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number | null {
  if (sorted.length === 0) return null;
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (position - below) * (high - low);
}

/** The three percentiles that latencies are reported by; all `null` when `n` is 0. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  /** Values behind them. */
  readonly n: number;
}

/** p50, p90 and p99 in the unit of the values. Pass successful attempts only, and without the waits before them. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    p50: quantileOfSorted(sorted, 0.5),
    p90: quantileOfSorted(sorted, 0.9),
    p99: quantileOfSorted(sorted, 0.99),
    n: values.length,
  };
}
