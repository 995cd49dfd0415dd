import { bootstrapMean } from "./bootstrap.ts";
import { NOTHING, type TaskEstimate } from "./estimate.ts";
import { groupByTask, sum, type Sample, type TaskGroup } from "./tasks.ts";

/** pass^k or pass@k over tasks; `value` is absent when a task has too few trials, and those tasks are named. */
export interface PassEstimate extends TaskEstimate {
  readonly k: number;
  /** Tasks with fewer than k trials: leaving them out would change which tasks the number speaks of. */
  readonly tooFewTrials: readonly string[];
}

/**
 * pass^k: the chance that k different pages of the same incident are all handled, C(c,k) / C(n,k) per task with c
 * successes in n trials, then the mean over tasks.
 * @param samples 1 for a success, 0 for a failure
 * @param k whole number ≥ 1
 * Source: Yao et al., "τ-bench" (arXiv 2406.12045).
 */
export const passHatK = (samples: readonly Sample[], k: number, seed: number): PassEstimate =>
  overTasks(samples, k, seed, (successes, trials) => drawAll(successes, trials, k));

/**
 * pass@k: the chance that at least one of k pages is handled, 1 − C(n−c,k) / C(n,k) per task, then the mean.
 * Source: Chen et al., "Evaluating large language models trained on code" (arXiv 2107.03374).
 */
export const passAtK = (samples: readonly Sample[], k: number, seed: number): PassEstimate =>
  overTasks(samples, k, seed, (successes, trials) => 1 - drawAll(trials - successes, trials, k));

function overTasks(
  samples: readonly Sample[],
  k: number,
  seed: number,
  ofTask: (successes: number, trials: number) => number,
): PassEstimate {
  if (!Number.isInteger(k) || k < 1) throw new RangeError(`pass-k: expected a whole k ≥ 1, got ${k}.`);
  const groups = groupByTask(samples);
  const tooFewTrials = groups.filter(({ values }) => values.length < k).map(({ taskId }) => taskId);
  const counts = { n: samples.length, tasks: groups.length };
  if (tooFewTrials.length > 0) return { ...NOTHING, ...counts, k, tooFewTrials };
  const perTask = groups.map(({ taskId, values }: TaskGroup) => ({
    taskId,
    value: ofTask(sum(values), values.length),
  }));
  return { ...bootstrapMean(perTask, seed), ...counts, k, tooFewTrials };
}

/** C(marked, k) / C(all, k), as a product of k factors that never overflows. */
function drawAll(marked: number, all: number, k: number): number {
  let chance = 1;
  for (let i = 0; i < k; i += 1) chance *= Math.max(0, marked - i) / (all - i);
  return chance;
}
