import type { EpisodeEntry } from "../../env/store/store.ts";
import { bootstrapMean, bootstrapRatio } from "../stats/bootstrap.ts";
import type { RatioSample } from "../stats/bootstrap.ts";
import { RESAMPLING_SEED } from "../stats/estimate.ts";
import type { TaskEstimate } from "../stats/estimate.ts";
import { successRate } from "../stats/success.ts";
import type { Sample } from "../stats/tasks.ts";

type Facts = Readonly<Record<string, unknown>>;
type Flags = Readonly<Record<string, boolean>>;

/** What a scored episode gives to a metric; null: it is not in the denominator. */
type Part = (facts: Facts, episode: EpisodeEntry) => { readonly over: number; readonly under: number } | null;

interface Metric {
  readonly name: string;
  /** `rate`: yes or no per episode. `mean`: a value per episode. `pooled`: sums over all episodes. */
  readonly kind: "rate" | "mean" | "pooled";
  readonly part: Part;
}

const number = (facts: Facts, key: string): number => Number(facts[key] ?? 0);
const flag =
  (name: string): Part =>
  (facts) => ({ over: (facts.flags as Flags)[name] ? 1 : 0, under: 1 });
const value =
  (read: (facts: Facts, episode: EpisodeEntry) => number | null): Part =>
  (facts, episode) => {
    const over = read(facts, episode);
    return over === null ? null : { over, under: 1 };
  };
const among =
  (applies: (facts: Facts) => boolean, part: Part): Part =>
  (facts, episode) =>
    applies(facts) ? part(facts, episode) : null;
const pooled =
  (over: (facts: Facts) => number, under: (facts: Facts) => number): Part =>
  (facts) => ({
    over: over(facts),
    under: under(facts),
  });
const minutes = (key: string): Part => value((facts) => (facts[key] === null ? null : number(facts, key)));
const hasFix = (facts: Facts): boolean => facts.has_fix === true;
const mitigated = (facts: Facts): boolean => (facts.flags as Flags).mitigated === true;
const diagnosed = (facts: Facts): boolean => (facts.flags as Flags).diagnosed === true;
const score = value((_, episode) => episode.score);
const rightChange = among(
  hasFix,
  value((facts) => (number(facts, "right_changes") > 0 ? 1 : 0)),
);

/**
 * The suite's metrics (design: scoring, section 5). A metric without a denominator is absent, never 0. `mean_reward` and
 * `fix_identification_rate` are SRE-Zero's names: rewards sum to the score, and a fix is judged by the change.
 */
const METRICS: readonly Metric[] = [
  { name: "success_rate", kind: "rate", part: flag("success") },
  { name: "resolved_rate", kind: "rate", part: flag("resolved") },
  { name: "mitigated_rate", kind: "rate", part: flag("mitigated") },
  { name: "durable_rate", kind: "rate", part: flag("durable") },
  { name: "grounded_rate", kind: "rate", part: flag("grounded") },
  { name: "clean_success_rate", kind: "rate", part: flag("clean_success") },
  { name: "root_cause_identification_rate", kind: "rate", part: flag("diagnosed") },
  { name: "grounded_diagnosis_rate", kind: "rate", part: among(diagnosed, flag("grounded")) },
  { name: "mean_score", kind: "mean", part: score },
  { name: "mean_reward", kind: "mean", part: score },
  { name: "checks_score", kind: "mean", part: value((facts) => number(facts, "checks_score")) },
  { name: "evidence_coverage", kind: "mean", part: value((facts) => number(facts, "evidence_coverage")) },
  {
    name: "evidence_precision",
    kind: "pooled",
    part: pooled(
      (f) => number(f, "evidence_seen"),
      (f) => number(f, "looks_before_change"),
    ),
  },
  { name: "correct_remediation_rate", kind: "rate", part: rightChange },
  { name: "fix_identification_rate", kind: "rate", part: rightChange },
  {
    name: "correct_service_remediation_rate",
    kind: "rate",
    part: among(
      hasFix,
      value((facts) => (number(facts, "right_service_changes") > 0 ? 1 : 0)),
    ),
  },
  {
    name: "remediation_precision",
    kind: "pooled",
    part: pooled(
      (f) => number(f, "right_changes"),
      (f) => number(f, "changes"),
    ),
  },
  {
    name: "wrong_remediation_rate",
    kind: "pooled",
    part: pooled(
      (f) => number(f, "wrong_changes"),
      (f) => number(f, "changes"),
    ),
  },
  {
    name: "distractor_failure_rate",
    kind: "pooled",
    part: pooled(
      (f) => number(f, "distractor_changes"),
      (f) => number(f, "changes"),
    ),
  },
  {
    name: "harm_rate",
    kind: "pooled",
    part: pooled(
      (f) => number(f, "harmful_changes"),
      (f) => number(f, "changes"),
    ),
  },
  { name: "collateral_slo_minutes", kind: "mean", part: minutes("collateral_slo_minutes") },
  {
    name: "unneeded_changes",
    kind: "mean",
    part: among(
      mitigated,
      value((f) => number(f, "wrong_changes")),
    ),
  },
  {
    name: "premature_resolution_rate",
    kind: "rate",
    part: value((f) => (typeof f.premature_resolution === "boolean" ? Number(f.premature_resolution) : null)),
  },
  {
    name: "verified_rate",
    kind: "rate",
    part: value((f) => (typeof f.verified === "boolean" ? Number(f.verified) : null)),
  },
  {
    name: "escalation_precision",
    kind: "rate",
    part: among(
      (f) => f.escalated === true,
      value((f) => (f.is_escalate === true ? 1 : 0)),
    ),
  },
  {
    name: "escalation_recall",
    kind: "rate",
    part: among(
      (f) => f.is_escalate === true,
      value((f) => (f.escalated === true ? 1 : 0)),
    ),
  },
  {
    name: "no_fault_false_positive_rate",
    kind: "rate",
    part: among(
      (f) => f.is_no_fault === true,
      value((f) => (mitigated(f) ? 0 : 1)),
    ),
  },
  { name: "detect_minutes", kind: "mean", part: minutes("detect_minutes") },
  { name: "mitigate_minutes", kind: "mean", part: among(mitigated, minutes("mitigate_minutes")) },
  { name: "impact_minutes", kind: "mean", part: minutes("impact_minutes") },
  { name: "mean_steps", kind: "mean", part: value((f) => number(f, "steps")) },
  { name: "mean_changes", kind: "mean", part: value((f) => number(f, "changes")) },
  {
    name: "invalid_action_rate",
    kind: "pooled",
    part: pooled(
      (f) => number(f, "invalid_actions"),
      (f) => number(f, "steps"),
    ),
  },
];

export type Metrics = Readonly<Record<string, TaskEstimate>>;

/**
 * Metrics over episodes; those that are unscored enter none.
 * @param names which of them, as each interval takes time; all when absent
 */
export function metricsOf(episodes: readonly EpisodeEntry[], names?: readonly string[]): Metrics {
  const scored = episodes.filter((episode) => episode.scored && episode.metrics !== null);
  const wanted = METRICS.filter(({ name }) => names?.includes(name) ?? true);
  return Object.fromEntries(wanted.map((metric) => [metric.name, estimate(metric, scored)]));
}

function estimate({ kind, part }: Metric, episodes: readonly EpisodeEntry[]): TaskEstimate {
  const samples: Sample[] = [];
  const parts: RatioSample[] = [];
  for (const episode of episodes) {
    const given = part(episode.metrics as Facts, episode);
    if (given === null) continue;
    const { taskId } = episode;
    if (kind === "pooled") parts.push({ taskId, numerator: given.over, denominator: given.under });
    else samples.push({ taskId, value: given.over });
  }
  switch (kind) {
    case "rate":
      return successRate(samples);
    case "mean":
      return bootstrapMean(samples, RESAMPLING_SEED);
    case "pooled":
      return bootstrapRatio(parts, RESAMPLING_SEED);
  }
}
