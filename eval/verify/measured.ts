import type { Verdict } from "../../env/core/verdict.ts";
import type { EpisodeRecord } from "../../env/store/store.ts";

/** The columns of an episode that follow from its verdict alone, and so from its trajectory. */
export type Measured = Pick<
  EpisodeRecord,
  | "outcome"
  | "terminalReason"
  | "score"
  | "evidenceCoverage"
  | "invalidActions"
  | "repeatedActions"
  | "changes"
  | "wrongChanges"
  | "distractorChanges"
  | "prematureResolution"
  | "checks"
  | "metrics"
>;

/** What the store keeps of a verdict. */
export function measured(verdict: Verdict): Measured {
  const { metrics } = verdict;
  const count = (name: string): number => Number(metrics[name] ?? 0);
  const premature = metrics.premature_resolution;
  return {
    outcome: verdict.success ? "success" : "failure",
    terminalReason: verdict.ended as Measured["terminalReason"],
    score: verdict.score,
    evidenceCoverage: verdict.parts.coverage,
    invalidActions: count("invalid_actions"),
    repeatedActions: count("repeated_actions"),
    changes: count("changes"),
    wrongChanges: count("wrong_changes"),
    distractorChanges: count("distractor_changes"),
    prematureResolution: typeof premature === "boolean" ? premature : null,
    checks: verdict.checks,
    metrics: { ...metrics, flags: flagsOf(verdict), checks_score: verdict.checks_score },
  };
}

/** The verdict's yes-and-no parts, which rates are made of. */
const flagsOf = (verdict: Verdict): Record<string, boolean> => ({
  success: verdict.success,
  resolved: verdict.resolved,
  diagnosed: verdict.diagnosed,
  mitigated: verdict.mitigated,
  durable: verdict.durable,
  grounded: verdict.grounded,
  clean_success: verdict.clean_success,
});
