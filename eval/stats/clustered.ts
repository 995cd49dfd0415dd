import { CONFIDENCE, MIN_TASKS, NOTHING, type TaskEstimate } from "./estimate.ts";
import { studentTQuantile } from "./student-t.ts";
import { groupByTask, sum, taskMeans, type Sample } from "./tasks.ts";
import { wilson } from "./wilson.ts";

/**
 * Mean of task means with a t interval on the clustered standard error, G − 1 degrees of freedom for G tasks, clamped
 * to the range that the quantity can take. Trials of one task are alike, so the tasks carry the uncertainty.
 *
 * Absent bounds: under five tasks, and when all tasks have the same mean, since a standard error of 0 claims certainty.
 * @param low smallest possible value, e.g. −1 for a difference of rates
 * @param high largest possible value
 */
export function clusteredMean(samples: readonly Sample[], low: number, high: number): TaskEstimate {
  const means = taskMeans(groupByTask(samples));
  if (means.length === 0) return NOTHING;
  const centre = sum(means) / means.length;
  const seen = { value: centre, n: samples.length, tasks: means.length };
  const error = standardError(means, centre);
  if (error === null || error === 0 || means.length < MIN_TASKS) return { ...seen, lower: null, upper: null };
  const half = studentTQuantile((1 + CONFIDENCE) / 2, means.length - 1) * error;
  return { ...seen, lower: Math.max(low, centre - half), upper: Math.min(high, centre + half) };
}

/**
 * The same for a rate, whose samples are 0 or 1. When all tasks agree (all 0, all 1) the interval is Wilson's with
 * n = tasks: more trials of the same tasks cannot make a claim about other tasks sharper.
 */
export function clusteredRate(samples: readonly Sample[]): TaskEstimate {
  const estimate = clusteredMean(samples, 0, 1);
  if (estimate.value === null || estimate.lower !== null || estimate.tasks < MIN_TASKS) return estimate;
  const { lower, upper } = wilson(estimate.value * estimate.tasks, estimate.tasks);
  return { ...estimate, lower, upper };
}

/**
 * Clustered standard error of the mean of task means; `null` under two tasks.
 *
 * √(G/(G−1) · Σ_g (Σ_i w_gi (x_gi − x̄))²) with w_gi = 1 / (G · trials of g). With equally many trials per task this
 * is the formula of E. Miller, "Adding error bars to evals" (arXiv 2411.00640), with Stata's factor for few clusters.
 */
export function clusteredStandardError(samples: readonly Sample[]): number | null {
  const means = taskMeans(groupByTask(samples));
  return standardError(means, sum(means) / means.length);
}

function standardError(means: readonly number[], centre: number): number | null {
  const tasks = means.length;
  if (tasks < 2) return null;
  if (means.every((value) => value === means[0])) return 0; // `centre` may be a rounding error away from them
  let squares = 0;
  for (const value of means) squares += ((value - centre) / tasks) * ((value - centre) / tasks);
  return Math.sqrt((tasks / (tasks - 1)) * squares);
}
