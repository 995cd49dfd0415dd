import { rngFor } from "../../env/core/rng.ts";
import { CONFIDENCE, MIN_TASKS, NOTHING, type TaskEstimate } from "./estimate.ts";
import { quantileOfSorted } from "./percentiles.ts";
import { byCodeUnit, groupByTask, taskMeans, type Sample } from "./tasks.ts";

/** Resamples per interval: the bounds then move by under a hundredth of the interval's width between seeds. */
const RESAMPLES = 10_000;

/** One episode's part of a pooled ratio, e.g. its wrong changes over its changes. */
export interface RatioSample {
  readonly taskId: string;
  readonly numerator: number;
  /** ≥ 0 */
  readonly denominator: number;
}

/**
 * Mean of task means with a percentile bootstrap interval over tasks; no interval under five tasks,
 * nor where all tasks are alike.
 * @param seed the same for every variant of a run, so that a report is reproducible
 * Source: B. Efron and R. Tibshirani, "An introduction to the bootstrap" (1993), chapter 13.
 */
export function bootstrapMean(samples: readonly Sample[], seed: number, resamples = RESAMPLES): TaskEstimate {
  const means = taskMeans(groupByTask(samples));
  if (means.length === 0) return NOTHING;
  return {
    ...resampledRatio(
      means,
      means.map(() => 1),
      seed,
      resamples,
    ),
    n: samples.length,
  };
}

/**
 * Σ numerator / Σ denominator with the same bootstrap: whole tasks are drawn, since episodes of one task are alike.
 * Absent when the denominator is 0; the interval is absent when under five tasks have any denominator.
 */
export function bootstrapRatio(samples: readonly RatioSample[], seed: number, resamples = RESAMPLES): TaskEstimate {
  const totals = new Map<string, { numerator: number; denominator: number }>();
  for (const { taskId, numerator, denominator } of samples) {
    const total = totals.get(taskId) ?? { numerator: 0, denominator: 0 };
    totals.set(taskId, { numerator: total.numerator + numerator, denominator: total.denominator + denominator });
  }
  const tasks = [...totals].toSorted(([a], [b]) => byCodeUnit(a, b)).map(([, total]) => total);
  const numerators = tasks.map(({ numerator }) => numerator);
  const denominators = tasks.map(({ denominator }) => denominator);
  return { ...resampledRatio(numerators, denominators, seed, resamples), n: samples.length };
}

/** The ratio of two sums over tasks, and its percentile interval. A mean is the case of all denominators 1. */
function resampledRatio(
  numerators: readonly number[],
  denominators: readonly number[],
  seed: number,
  resamples: number,
) {
  const tasks = numerators.length;
  const value = ratioOf(numerators, denominators, (i) => i);
  const informative = denominators.filter((denominator) => denominator > 0).length;
  if (value === null || informative < MIN_TASKS) return { value, lower: null, upper: null, tasks };
  const rng = rngFor(seed, "bootstrap", tasks);
  const draw = (): number => Math.floor(rng() * tasks);
  const ratios: number[] = [];
  for (let i = 0; i < resamples; i += 1) {
    const ratio = ratioOf(numerators, denominators, draw);
    if (ratio !== null) ratios.push(ratio); // a resample without a denominator has no ratio
  }
  const sorted = Float64Array.from(ratios).toSorted();
  const lower = quantileOfSorted(sorted, (1 - CONFIDENCE) / 2);
  const upper = quantileOfSorted(sorted, (1 + CONFIDENCE) / 2);
  // Tasks that are all alike give every resample the same ratio: an interval without width would claim certainty.
  return lower === upper ? { value, lower: null, upper: null, tasks } : { value, lower, upper, tasks };
}

function ratioOf(
  numerators: readonly number[],
  denominators: readonly number[],
  draw: (position: number) => number,
): number | null {
  let numerator = 0;
  let denominator = 0;
  for (let i = 0; i < numerators.length; i += 1) {
    const task = draw(i);
    numerator += numerators[task] as number;
    denominator += denominators[task] as number;
  }
  return denominator === 0 ? null : numerator / denominator;
}
