import { bootstrapMean } from "../eval/stats/bootstrap.ts";
import { RESAMPLING_SEED, type TaskEstimate } from "../eval/stats/estimate.ts";
import { successRate } from "../eval/stats/success.ts";
import { byCodeUnit } from "../eval/stats/tasks.ts";
import { DIFFICULTIES, type EpisodePoint } from "./data.ts";

/** Success rate over the scored ones of these episodes. */
export const successOf = (episodes: readonly EpisodePoint[]): TaskEstimate =>
  successRate(scoredOf(episodes).map(({ taskId, success }) => ({ taskId, value: success ? 1 : 0 })));

/** Mean score over the scored ones of these episodes. */
export const scoreOf = (episodes: readonly EpisodePoint[]): TaskEstimate =>
  bootstrapMean(
    scoredOf(episodes).flatMap(({ taskId, score: value }) => (value === null ? [] : [{ taskId, value }])),
    RESAMPLING_SEED,
  );

/** Mean share of the needed evidence that was seen, over the scored ones of these episodes. */
export const evidenceOf = (episodes: readonly EpisodePoint[]): TaskEstimate =>
  bootstrapMean(
    scoredOf(episodes).flatMap(({ taskId, evidenceCoverage: value }) => (value === null ? [] : [{ taskId, value }])),
    RESAMPLING_SEED,
  );

/** The episodes that enter a rate. */
export const scoredOf = (episodes: readonly EpisodePoint[]): EpisodePoint[] => episodes.filter(({ scored }) => scored);

/** Variants from the best to the worst by the measure, absent ones last, equal ones by name. */
export function variantsBy(
  episodes: readonly EpisodePoint[],
  measure: (ofVariant: readonly EpisodePoint[]) => number | null,
): string[] {
  const groups = groupBy(episodes, ({ variant }) => variant);
  return [...groups]
    .map(([variant, own]) => ({ variant, value: measure(own) ?? -Infinity }))
    .toSorted((a, b) => b.value - a.value || byCodeUnit(a.variant, b.variant))
    .map(({ variant }) => variant);
}

/** Tasks from easy to hard, then by id. */
export function tasksOf(episodes: readonly EpisodePoint[]): Pick<EpisodePoint, "taskId" | "difficulty">[] {
  const tasks = new Map(episodes.map(({ taskId, difficulty }) => [taskId, { taskId, difficulty }]));
  return [...tasks.values()].toSorted(
    (a, b) => DIFFICULTIES.indexOf(a.difficulty) - DIFFICULTIES.indexOf(b.difficulty) || byCodeUnit(a.taskId, b.taskId),
  );
}

/** Groups in order of first appearance. */
export function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
