import { byCodeUnit } from "./tasks.ts";

/** One planned episode of one agent. */
export interface PairedEpisode {
  /** Whatever identifies the task's definition: its spec hash where definitions may differ, else its id. */
  readonly taskId: string;
  readonly seed: number;
  /** Score, or 1 and 0 for success and failure; `null` when the episode was not scored. */
  readonly value: number | null;
}

/** The same page, answered by both agents. */
export interface Pair {
  readonly taskId: string;
  readonly seed: number;
  readonly a: number;
  readonly b: number;
}

/** Pairs, and how many pages were dropped because a side was unscored or never played. */
export interface Alignment {
  readonly pairs: readonly Pair[];
  /** Pages that A has no score for and B has. */
  readonly missingA: number;
  readonly missingB: number;
  /** Pages that neither has a score for. */
  readonly missingBoth: number;
}

/** Aligns two agents on (task, seed). Where an agent played a page twice, its last scored episode counts. */
export function alignPairs(a: readonly PairedEpisode[], b: readonly PairedEpisode[]): Alignment {
  const ofA = byPage(a);
  const ofB = byPage(b);
  const pages = new Map([...ofA, ...ofB]);
  const pairs: Pair[] = [];
  const missing = { missingA: 0, missingB: 0, missingBoth: 0 };
  for (const [page, { taskId, seed }] of pages) {
    const valueA = ofA.get(page)?.value ?? null;
    const valueB = ofB.get(page)?.value ?? null;
    if (valueA !== null && valueB !== null) pairs.push({ taskId, seed, a: valueA, b: valueB });
    else if (valueA === null && valueB === null) missing.missingBoth += 1;
    else if (valueA === null) missing.missingA += 1;
    else missing.missingB += 1;
  }
  return { pairs: pairs.toSorted((x, y) => byCodeUnit(x.taskId, y.taskId) || x.seed - y.seed), ...missing };
}

function byPage(episodes: readonly PairedEpisode[]): Map<string, PairedEpisode> {
  const pages = new Map<string, PairedEpisode>();
  for (const episode of episodes) {
    const page = `${episode.seed}/${episode.taskId}`;
    if (episode.value !== null || !pages.has(page)) pages.set(page, episode);
  }
  return pages;
}
