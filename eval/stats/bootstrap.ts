import { rngFor } from "../../env/core/rng.ts";
import { CONFIDENCE, MIN_TASKS, NOTHING, type TaskEstimate } from "./estimate.ts";
import { quantileOfSorted } from "./percentiles.ts";
import { byCodeUnit, groupByTask, sum, taskMeans, type Sample } from "./tasks.ts";

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
    const total = totals.get(taskId);
    if (total === undefined) {
      totals.set(taskId, { numerator, denominator });
      continue;
    }
    total.numerator += numerator;
    total.denominator += denominator;
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
  const whole = sum(denominators);
  const value = whole === 0 ? null : sum(numerators) / whole;
  const informative = denominators.filter((denominator) => denominator > 0).length;
  if (value === null || informative < MIN_TASKS) return { value, lower: null, upper: null, tasks };
  const sorted = ratiosOf(numerators, denominators, drawsOf(seed, tasks, resamples)).toSorted();
  const lower = quantileOfSorted(sorted, (1 - CONFIDENCE) / 2);
  const upper = quantileOfSorted(sorted, (1 + CONFIDENCE) / 2);
  // Tasks that are all alike give every resample the same ratio: an interval without width would claim certainty.
  return lower === upper ? { value, lower: null, upper: null, tasks } : { value, lower, upper, tasks };
}

/** The ratio of every resample; one without a denominator has none. */
function ratiosOf(numerators: readonly number[], denominators: readonly number[], draws: Uint32Array): Float64Array {
  const over = Float64Array.from(numerators);
  const under = Float64Array.from(denominators);
  const tasks = over.length;
  const ratios = new Float64Array(draws.length / tasks);
  let found = 0;
  for (let at = 0; at < draws.length; at += tasks) {
    let numerator = 0;
    let denominator = 0;
    for (let i = at; i < at + tasks; i += 1) {
      const task = draws[i] as number;
      numerator += over[task] as number;
      denominator += under[task] as number;
    }
    if (denominator === 0) continue;
    ratios[found] = numerator / denominator;
    found += 1;
  }
  return ratios.subarray(0, found);
}

/** Which tasks each resample holds: `tasks` numbers after `tasks` numbers. */
function drawsOf(seed: number, tasks: number, resamples: number): Uint32Array {
  const key = `${seed}/${tasks}/${resamples}`;
  const known = drawn.get(key);
  if (known !== undefined) return known;
  const rng = rngFor(seed, "bootstrap", tasks);
  const draws = new Uint32Array(resamples * tasks);
  for (let i = 0; i < draws.length; i += 1) draws[i] = Math.floor(rng() * tasks);
  const [oldest] = drawn.keys();
  if (drawn.size >= MOST_KEPT && oldest !== undefined) drawn.delete(oldest);
  drawn.set(key, draws);
  return draws;
}

/** Kept, as the intervals of a table have them in common: drawing takes longer than adding up. */
const drawn = new Map<string, Uint32Array>();
const MOST_KEPT = 8;
