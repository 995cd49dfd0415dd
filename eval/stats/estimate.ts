/** The confidence level of every interval in the project, as a share. One level, so that no two figures disagree. */
export const CONFIDENCE = 0.95;

/** Two-sided standard normal quantile of `CONFIDENCE`. */
export const Z_TWO_SIDED = 1.959963984540054;

/** With fewer clusters than this, neither the t interval nor the bootstrap keeps its level: no interval is given. */
export const MIN_TASKS = 5;

/** The seed of resampled intervals in tables and figures: with one for all, a table and a figure never disagree. */
export const RESAMPLING_SEED = 1;

/** An estimate with its 95 % interval. `null` means absent (nothing to estimate from), and is never written as 0. */
export interface Estimate {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Episodes behind the value, ≥ 0. */
  readonly n: number;
}

/** An estimate over episodes that lie inside tasks; the tasks are what was sampled. */
export interface TaskEstimate extends Estimate {
  /** Different tasks behind the value, ≥ 0. */
  readonly tasks: number;
}

/** What an estimator returns when there is nothing to estimate from. */
export const NOTHING: TaskEstimate = { value: null, lower: null, upper: null, n: 0, tasks: 0 };
