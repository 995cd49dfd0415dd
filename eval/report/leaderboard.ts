import type { EpisodeEntry } from "../../env/store/store.ts";
import { RESAMPLING_SEED } from "../stats/estimate.ts";
import { compareScores } from "../stats/paired.ts";
import { rankRanges } from "../stats/ranks.ts";
import type { RankComparison } from "../stats/ranks.ts";
import { metricsOf } from "./metrics.ts";
import type { Metrics } from "./metrics.ts";

/** One variant of a run, with its rank as far as the data can tell. */
export interface Entry {
  readonly variant: string;
  /** "1", or "2–3" where episodes do not separate the entries; a dash without a scored episode. */
  readonly rank: string;
  readonly planned: number;
  readonly scored: number;
  readonly metrics: Metrics;
}

/** Entries of one run by mean score, best first; ranks by paired comparison of scores, adjusted together. */
export function leaderboard(episodes: readonly EpisodeEntry[]): Entry[] {
  const labels = [...new Set(episodes.map(({ variantLabel }) => variantLabel))];
  const groups = labels.map((variant) => {
    const own = episodes.filter((episode) => episode.variantLabel === variant && episode.final);
    return { variant, own, metrics: metricsOf(own) };
  });
  const ranks = rankRanges(
    groups.map(({ variant, metrics }) => ({ name: variant, value: scoreOf(metrics) })),
    comparisons(groups),
  );
  return groups
    .map(({ variant, own, metrics }) => ({
      variant,
      rank: scoreOf(metrics) === null ? "–" : (ranks.find(({ name }) => name === variant)?.label ?? "–"),
      planned: own.length,
      scored: own.filter(({ scored }) => scored).length,
      metrics,
    }))
    .toSorted((a, b) => (scoreOf(b.metrics) ?? -1) - (scoreOf(a.metrics) ?? -1) || (a.variant < b.variant ? -1 : 1));
}

const scoreOf = (metrics: Metrics): number | null => metrics.mean_score?.value ?? null;

type Group = { readonly variant: string; readonly own: readonly EpisodeEntry[] };

/** Every pair of variants, over the instances that both have played. */
function comparisons(groups: readonly Group[]): RankComparison[] {
  const values = ({ own }: Group) => own.map(({ taskId, seed, score }) => ({ taskId, seed, value: score }));
  return groups.flatMap((a, i) =>
    groups.slice(i + 1).map((b) => {
      const { difference, pValue } = compareScores(values(a), values(b), RESAMPLING_SEED);
      return { a: a.variant, b: b.variant, difference: difference.value, pValue };
    }),
  );
}
