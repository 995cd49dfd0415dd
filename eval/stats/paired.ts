import { alignPairs, type Alignment, type Pair, type PairedEpisode } from "./align.ts";
import { clusteredMean } from "./clustered.ts";
import type { TaskEstimate } from "./estimate.ts";
import { mcnemar } from "./mcnemar.ts";
import { PLANNING_SD, smallestDetectable } from "./power.ts";
import { signFlip } from "./sign-flip.ts";
import { groupByTask, taskMeans } from "./tasks.ts";

/** Agent A against agent B on the pages that both answered. */
export interface PairedComparison extends Omit<Alignment, "pairs"> {
  readonly pairs: number;
  /** A − B: mean of task differences with its clustered t interval; bounds absent under five tasks. */
  readonly difference: TaskEstimate;
  /** Two-sided p that A and B are equal, not adjusted for other comparisons; `null` without pairs. */
  readonly pValue: number | null;
  /** Smallest difference this many pairs would find with 80 % power; `null` without pairs. */
  readonly smallestDetectable: number | null;
}

/** A comparison of successes says on which tasks the agents differ. A task of several trials stands once per trial. */
export interface SuccessComparison extends PairedComparison {
  readonly test: "mcnemar" | "sign_flip";
  readonly both: readonly string[];
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
  readonly neither: readonly string[];
}

/**
 * Compares successes (values 0 and 1): McNemar's exact test with one trial per task, the sign-flip permutation of
 * task differences otherwise.
 * @param seed for the random flips beyond twenty differing tasks
 */
export function compareSuccess(
  a: readonly PairedEpisode[],
  b: readonly PairedEpisode[],
  seed: number,
): SuccessComparison {
  const aligned = alignPairs(a, b);
  const tasksWhere = (holds: (pair: Pair) => boolean): string[] =>
    aligned.pairs.filter(holds).map(({ taskId }) => taskId);
  const split = {
    both: tasksWhere((pair) => pair.a === 1 && pair.b === 1),
    onlyA: tasksWhere((pair) => pair.a === 1 && pair.b === 0),
    onlyB: tasksWhere((pair) => pair.a === 0 && pair.b === 1),
    neither: tasksWhere((pair) => pair.a === 0 && pair.b === 0),
  };
  const comparison = compareAligned(aligned, seed);
  const test = comparison.difference.tasks === comparison.pairs ? "mcnemar" : "sign_flip";
  if (test === "sign_flip" || comparison.pairs === 0) return { ...comparison, ...split, test };
  return { ...comparison, ...split, test, pValue: mcnemar(split.onlyA.length, split.onlyB.length) };
}

/** Compares scores in [0, 1] by the sign-flip permutation of task differences. */
export const compareScores = (
  a: readonly PairedEpisode[],
  b: readonly PairedEpisode[],
  seed: number,
): PairedComparison => compareAligned(alignPairs(a, b), seed);

function compareAligned({ pairs, ...missing }: Alignment, seed: number): PairedComparison {
  const differences = pairs.map((pair) => ({ taskId: pair.taskId, value: pair.a - pair.b }));
  return {
    ...missing,
    pairs: pairs.length,
    difference: clusteredMean(differences, -1, 1),
    pValue: signFlip(taskMeans(groupByTask(differences)), seed),
    smallestDetectable: smallestDetectable(pairs.length, PLANNING_SD),
  };
}
