import { distinctTrajectories } from "../stats/distinct.ts";
import { RESAMPLING_SEED } from "../stats/estimate.ts";
import { missingBounds } from "../stats/missing.ts";
import type { MissingBounds } from "../stats/missing.ts";
import { passHatK } from "../stats/pass-k.ts";
import type { PassEstimate } from "../stats/pass-k.ts";
import { scoredOf } from "./entry.ts";
import type { Entry } from "./entry.ts";
import { marksOf } from "./marks.ts";
import type { Marks } from "./marks.ts";
import { metricsOf } from "./metrics.ts";
import type { Metrics } from "./metrics.ts";
import { useOf } from "./use.ts";
import type { Use } from "./use.ts";

/** All numbers of an entry. */
export interface Summary {
  /** Slots. */
  readonly planned: number;
  readonly scored: number;
  readonly successes: number;
  /** What the success rate could be at least and at most, whatever the unscored slots would have given. */
  readonly bounds: MissingBounds;
  readonly metrics: Metrics;
  /** For each k up to the number of trials: handling all of k different pages of one incident. */
  readonly passHat: readonly PassEstimate[];
  readonly marks: Marks | null;
  readonly use: Use;
}

/** The k of pass^k that tables show, as far as there are trials. */
const DEPTHS = [1, 3, 5];

export function summaryOf(entry: Entry): Summary {
  const scored = scoredOf(entry);
  const successes = scored.filter(({ outcome }) => outcome === "success").length;
  // Equal trajectories of one task are one observation.
  const distinct = distinctTrajectories(scored);
  const metrics = metricsOf(distinct);
  const samples = distinct.map(({ taskId, outcome }) => ({ taskId, value: outcome === "success" ? 1 : 0 }));
  const { trials } = entry.run;
  return {
    planned: entry.slots.length,
    scored: scored.length,
    successes,
    bounds: missingBounds(successes, scored.length, entry.slots.length),
    metrics,
    passHat: DEPTHS.filter((k) => k <= trials).map((k) => passHatK(samples, k, RESAMPLING_SEED)),
    marks: marksOf(metrics, scored),
    use: useOf(entry),
  };
}
