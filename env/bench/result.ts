/** One side of a comparison. */
export interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** What a benchmark found. Machines differ and are noisy: only the ratio, taken within one run, is a target. */
export interface BenchResult {
  /** As in the list of targets, e.g. `P5`. */
  readonly id: string;
  readonly title: string;
  readonly baseline: Measured;
  readonly ours: Measured;
  /** Median over the rounds of ours by baseline. */
  readonly ratio: number;
  /** Least and greatest ratio of a round. */
  readonly spread: string;
  readonly target: string;
  /** What bounds the figure. */
  readonly bound: string;
}
