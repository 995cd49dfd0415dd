import { BUDGETS } from "../../env/core/task.ts";
import type { EpisodeEntry } from "../../env/store/store.ts";
import type { Metrics } from "./metrics.ts";

/** Marks out of 100 as SRE-Zero gave them, for comparison with its tables. Never used for ranking. */
export interface Marks {
  readonly marks: number;
  /** Of all components that have a denominator. */
  readonly outOf: number;
}

const POINTS = { success: 40, score: 25, evidence: 20, efficiency: 10, valid: 5 } as const;

/** Null for an entry without a scored episode that holds an action. */
export function marksOf(metrics: Metrics, scored: readonly EpisodeEntry[]): Marks | null {
  if (!scored.some(({ steps }) => steps > 0)) return null;
  const value = (name: string): number | null => metrics[name]?.value ?? null;
  const success = value("success_rate");
  const invalid = value("invalid_action_rate");
  const shares: Readonly<Record<keyof typeof POINTS, number | null>> = {
    success,
    score: value("mean_score"),
    evidence: value("evidence_coverage"),
    efficiency: success === null ? null : success * thrift(value("mean_steps"), scored),
    valid: invalid === null ? null : 1 - invalid,
  };
  let marks = 0;
  let outOf = 0;
  for (const [component, share] of Object.entries(shares)) {
    if (share === null) continue;
    const points = POINTS[component as keyof typeof POINTS];
    marks += points * share;
    outOf += points;
  }
  return { marks, outOf };
}

/** 1 for a single step, 0 for the whole budget, on average over the bands that were played. */
function thrift(meanSteps: number | null, scored: readonly EpisodeEntry[]): number {
  if (meanSteps === null) return 0;
  const target = scored.reduce((sum, { difficulty }) => sum + BUDGETS[difficulty].steps, 0) / scored.length;
  return Math.max(0, 1 - (meanSteps - 1) / (target - 1));
}
