import type { EpisodeEntry } from "../../env/store/store.ts";
import { RESAMPLING_SEED } from "../stats/estimate.ts";
import type { PairedEpisode } from "../stats/align.ts";
import { compareScores } from "../stats/paired.ts";
import { rankRanges } from "../stats/ranks.ts";
import type { RankComparison, RankRange } from "../stats/ranks.ts";
import { finalOf } from "./entry.ts";
import type { Entry } from "./entry.ts";
import { metricsOf } from "./metrics.ts";
import type { Metrics } from "./metrics.ts";

/** One variant of a run, with its rank as far as the data can tell. */
export interface Standing {
  readonly variant: string;
  /** "1", or "2–3" where episodes do not separate the entries; a dash without a scored episode. */
  readonly rank: string;
  readonly planned: number;
  readonly scored: number;
  readonly metrics: Metrics;
}

/** Who played in these episodes of one run, by mean score, best first. Eligibility is not asked: see `boardOf`. */
export function leaderboard(episodes: readonly EpisodeEntry[]): Standing[] {
  const labels = [...new Set(episodes.map(({ variantLabel }) => variantLabel))];
  const groups = labels.map((variant) => {
    const own = episodes.filter((episode) => episode.variantLabel === variant && episode.final);
    return { name: variant, own, metrics: metricsOf(own) };
  });
  const ranks = rangesOf(groups.map(({ name, own, metrics }) => ({ name, own, value: scoreOf(metrics) })));
  return groups
    .map(({ name, own, metrics }) => ({
      variant: name,
      rank: scoreOf(metrics) === null ? "–" : (ranks.find((range) => range.name === name)?.label ?? "–"),
      planned: own.length,
      scored: own.filter(({ scored }) => scored).length,
      metrics,
    }))
    .toSorted((a, b) => (scoreOf(b.metrics) ?? -1) - (scoreOf(a.metrics) ?? -1) || (a.variant < b.variant ? -1 : 1));
}

/** Rank ranges of entries by the key of each: all pairs on the pages that both have, adjusted together. */
export const rankEntries = (entries: readonly Entry[]): RankRange[] =>
  rangesOf(
    entries.map((entry) => {
      const own = finalOf(entry);
      return { name: entry.key, own, value: scoreOf(metricsOf(own, ["mean_score"])) };
    }),
  );

const scoreOf = (metrics: Metrics): number | null => metrics.mean_score?.value ?? null;

interface Contender {
  readonly name: string;
  readonly own: readonly EpisodeEntry[];
  /** Mean score. */
  readonly value: number | null;
}

const rangesOf = (contenders: readonly Contender[]): RankRange[] =>
  rankRanges(
    contenders.map(({ name, value }) => ({ name, value })),
    comparisons(contenders),
  );

/** Every pair, over the instances that both have played. */
function comparisons(contenders: readonly Contender[]): RankComparison[] {
  const scores = new Map(contenders.map(({ name, own }) => [name, own.map(scored)]));
  return contenders.flatMap((a, i) =>
    contenders.slice(i + 1).map((b) => {
      const { difference, pValue } = compareScores(scores.get(a.name) ?? [], scores.get(b.name) ?? [], RESAMPLING_SEED);
      return { a: a.name, b: b.name, difference: difference.value, pValue };
    }),
  );
}

/** Definitions may differ under one id, so that the hash stands for the task. */
const scored = ({ specHash, seed, score }: EpisodeEntry): PairedEpisode => ({ taskId: specHash, seed, value: score });
