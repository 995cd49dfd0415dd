import { actionText } from "./actions/text.ts";
import { runChecks, verified } from "./checks.ts";
import type { Instance } from "./initial.ts";
import type { Judgement } from "./judge.ts";
import { impactTicks, scoreEpisode, UNITS, wrongChanges } from "./score.ts";
import type { Score } from "./score.ts";
import { redNames } from "./slo.ts";
import { TICK_SECONDS } from "./time.ts";
import { coverage } from "./track.ts";
import type { Track } from "./track.ts";

/** Why an episode ended, as far as the environment knows. */
export type EpisodeEnd = "resolved" | "escalated" | "step_budget" | (string & {});

/** `info.episode`: the verdict and the full attribution of the score. Control plane only. */
export interface Verdict {
  readonly ended: EpisodeEnd;
  readonly score: number;
  readonly success: boolean;
  readonly resolved: boolean;
  readonly diagnosed: boolean;
  readonly mitigated: boolean;
  readonly durable: boolean;
  readonly grounded: boolean;
  readonly clean_success: boolean;
  readonly parts: Score["parts"];
  /** Points per part, in [−1, 1]; they sum to the score. */
  readonly points: Readonly<Record<string, number>>;
  readonly diagnosis: { readonly given: string | null; readonly accepted: readonly string[] };
  readonly evidence: readonly { readonly item: string; readonly seen_at_step: number | null }[];
  readonly changes: readonly {
    readonly step: number;
    readonly action: string;
    readonly right: boolean;
    readonly distractor: boolean;
    readonly harmful: boolean;
  }[];
  readonly slo_red_at_page: readonly string[];
  readonly slo_red_at_judgement: readonly string[];
  readonly guards_failed: readonly string[];
  readonly replay_survived: boolean | null;
  readonly checks: Readonly<Record<string, boolean>>;
  readonly checks_score: number;
  readonly metrics: Readonly<Record<string, number | boolean | null>>;
}

const MINUTES = TICK_SECONDS / 60;

export function verdictOf(instance: Instance, track: Track, judgement: Judgement): Verdict {
  const score = scoreEpisode(instance, track, judgement);
  const { parts } = score;
  const noFault = instance.sibling.answer === "no_fault";
  const resolved = parts.diagnosis === 1 && parts.mitigation === 1 && parts.durable === 1 && track.closing !== null;
  const grounded = parts.coverage >= 0.5;
  const success = resolved && (noFault ? parts.coverage === 1 : grounded);
  const checks = runChecks({ instance, track, judgement, score, success });
  const passed = Object.values(checks).filter(Boolean).length;
  return {
    ended: endOf(track),
    score: score.units / UNITS,
    success,
    resolved,
    diagnosed: parts.diagnosis === 1,
    mitigated: parts.mitigation === 1,
    durable: parts.durable === 1,
    grounded,
    clean_success: success && wrongChanges(track) === 0,
    parts,
    points: Object.fromEntries(Object.entries(score.points).map(([part, units]) => [part, units / UNITS])),
    diagnosis: {
      given: track.closing === null ? null : actionText(track.closing),
      accepted: instance.sibling.diagnosis.map(({ service, fault }) => `${service}/${fault}`),
    },
    evidence: instance.sibling.needed.map((item, i) => ({
      item: describeItem(item),
      seen_at_step: (track.seenBeforeChange[i] ?? 0) > 0 ? (track.seenBeforeChange[i] ?? 0) : null,
    })),
    changes: track.changes.map(({ step, action, right, distractor }, i) => ({
      step,
      action: actionText(action),
      right,
      distractor,
      harmful: judgement.harmful[i] ?? false,
    })),
    slo_red_at_page: redNames(instance.redAtPage),
    slo_red_at_judgement: redNames(judgement.red),
    guards_failed: judgement.guards,
    replay_survived: judgement.replaySurvived,
    checks,
    checks_score: passed / Object.keys(checks).length,
    metrics: episodeMetrics(instance, track, judgement),
  };
}

function endOf(track: Track): EpisodeEnd {
  if (track.truncatedBy !== null) return track.truncatedBy;
  return track.closing?.type === "escalate" ? "escalated" : "resolved";
}

/** `metrics:cache(hit_ratio)` */
function describeItem(item: Instance["sibling"]["needed"][number]): string {
  switch (item.kind) {
    case "metrics":
      return `metrics:${item.service}(${item.rows.join("|")}${item.shows === "normal" ? " normal" : ""})`;
    case "logs":
      return `logs:${item.service}(${item.line})`;
    case "config":
      return `config:${item.service}(${item.key})`;
    case "status":
      return `status:${item.service}(${item.shows})`;
  }
}

/** Numerators and denominators of the suite's metrics, for one episode; absent values are null. */
function episodeMetrics(instance: Instance, track: Track, judgement: Judgement): Verdict["metrics"] {
  const closedByResolve = track.closing?.type === "resolve_incident" && track.closing.service !== "none";
  const right = track.changes.filter((change) => change.right);
  const accepted = instance.sibling.accepted.map((entry) => ("restart" in entry ? entry.restart : entry.service));
  return {
    steps: track.steps,
    invalid_actions: track.invalid,
    repeated_actions: track.repeated,
    changes: track.changes.length,
    right_changes: right.length,
    wrong_changes: wrongChanges(track),
    distractor_changes: track.changes.filter(({ distractor }) => distractor).length,
    harmful_changes: judgement.harmful.filter(Boolean).length,
    right_service_changes: track.changes.filter(({ action }) => accepted.includes(action.service)).length,
    collateral_slo_minutes: judgement.collateral * MINUTES,
    evidence_needed: track.seenBeforeChange.length,
    evidence_seen: track.seenBeforeChange.filter((step) => step > 0).length,
    evidence_coverage: coverage(track),
    looks_before_change: track.looksBeforeChange,
    premature_resolution: closedByResolve ? track.greenBeforeClose === 0 : null,
    verified:
      track.changes.length > 0 && track.closing !== null
        ? verified({ instance, track }) && track.greenBeforeClose >= 2
        : null,
    escalated: track.closing?.type === "escalate",
    has_fix: instance.sibling.answer === "fix",
    is_no_fault: instance.sibling.answer === "no_fault",
    is_escalate: typeof instance.sibling.answer === "object",
    detect_minutes: track.firstSeenTick >= 0 ? track.firstSeenTick * MINUTES : null,
    mitigate_minutes: judgement.greenSince >= 0 ? judgement.greenSince * MINUTES : null,
    impact_minutes: impactTicks(track) * MINUTES,
  };
}
