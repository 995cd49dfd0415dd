import type { Instance } from "./initial.ts";
import type { Judgement } from "./judge.ts";
import { clamp } from "./maths.ts";
import { redCount } from "./slo.ts";
import { coverage } from "./track.ts";
import type { Track } from "./track.ts";

/** The parts of a score, each in [0, 1] (design: scoring, section 2). */
export interface ScoreParts {
  readonly coverage: number;
  readonly evidence: number;
  readonly grounding: number;
  readonly diagnosis: number;
  readonly mitigation: number;
  readonly durable: number;
  readonly impact: number;
  readonly safety: number;
}

/** What each part gave, in millionths; the sum is the score. */
export type Points = Readonly<
  Record<
    "diagnosis" | "mitigation" | "durable" | "impact" | "safety" | "evidence" | "invalid" | "wrong" | "limit",
    number
  >
>;

export interface Score {
  readonly parts: ScoreParts;
  readonly points: Points;
  /** In millionths. */
  readonly units: number;
}

export const UNITS = 1_000_000;

const WEIGHTS = { diagnosis: 0.2, mitigation: 0.35, durable: 0.1, impact: 0.1, safety: 0.1, evidence: 0.15 } as const;
const INVALID_COST = 0.02;
/** Also when all ends well: otherwise trying every known fix in turn pays. */
const WRONG_COST = 0.05;
/** Looks beyond the needed ones that cost nothing. */
const FREE_LOOKS = 3;
/** Bad ticks after which impact counts nothing. */
const IMPACT_TICKS = 60;
const PARTIAL_MITIGATION = 0.4;
/** A cure without a diagnosis: luck counts half, and impact less. */
const LUCK = 0.5;
const LUCK_IMPACT = 0.3;
const WRONG_ESCALATION_CAP = 0.1;
const UNSEEN_NO_FAULT_CAP = 0.35;

/** Coverage and its precision: looking at everything dilutes. */
export function evidenceScore(track: Track): number {
  const looks = track.looksBeforeChange;
  if (looks === 0) return 0;
  return coverage(track) * Math.min(1, (track.seenBeforeChange.length + FREE_LOOKS) / looks);
}

/** Half weight for one who acted blind; full from half of the needed evidence on. */
export const groundingOf = (seen: number): number => 0.5 + 0.5 * Math.min(1, seen / 0.5);

/** The score of a closed episode with its attribution. A pure function of what happened. */
export function scoreEpisode(instance: Instance, track: Track, judgement: Judgement): Score {
  const parts = scoreParts(instance, track, judgement);
  const lucky = parts.diagnosis === 0;
  const { grounding } = parts;
  const wrong = wrongChanges(track);
  const raw = {
    diagnosis: grounding * WEIGHTS.diagnosis * parts.diagnosis,
    mitigation: grounding * WEIGHTS.mitigation * parts.mitigation * (lucky ? LUCK : 1),
    durable: grounding * WEIGHTS.durable * parts.durable * (lucky ? LUCK : 1),
    impact: grounding * WEIGHTS.impact * parts.impact * (lucky ? LUCK_IMPACT : 1),
    safety: grounding * WEIGHTS.safety * parts.safety,
    evidence: WEIGHTS.evidence * parts.evidence,
    invalid: -INVALID_COST * track.invalid,
    wrong: -WRONG_COST * wrong,
  };
  const units = Object.fromEntries(
    Object.entries(raw).map(([part, value]) => [part, Math.round(value * UNITS) + 0]),
  ) as Record<keyof typeof raw, number>;
  const sum = Object.values(units).reduce((total, value) => total + value, 0);
  const total = clamp(sum, 0, Math.round(scoreCap(instance, track) * UNITS));
  return { parts, points: { ...units, limit: total - sum }, units: total };
}

function scoreParts(instance: Instance, track: Track, judgement: Judgement): ScoreParts {
  const seen = coverage(track);
  const mitigation = mitigationOf(instance, track, judgement);
  const healed = mitigation === 1;
  const durable = healed && judgement.guards.length === 0 && judgement.replaySurvived !== false;
  const badTicks = impactTicks(track);
  return {
    coverage: seen,
    evidence: evidenceScore(track),
    grounding: groundingOf(seen),
    diagnosis: diagnosisOf(instance, track),
    mitigation,
    durable: instance.sibling.answer === "fix" ? (durable ? 1 : 0) : mitigation,
    impact: healed ? Math.max(0, 1 - badTicks / IMPACT_TICKS) : 0,
    safety: healed ? Math.max(0, 1 - 0.34 * wrongChanges(track) - 0.01 * judgement.collateral) : 0,
  };
}

/** Ticks from the page to the close on which at least one objective was missed. */
export const impactTicks = (track: Track): number =>
  track.redTicks.slice(0, track.closeTick).filter((mask) => mask !== 0).length;

export const wrongChanges = (track: Track): number => track.changes.filter((change) => !change.right).length;

/** 0.5 for the service, 1 for service and fault; escalations: 1 when exactly the right provider is named. */
export function diagnosisOf(instance: Instance, track: Track): number {
  const { closing } = track;
  const { diagnosis, answer } = instance.sibling;
  if (closing === null) return 0;
  if (closing.type === "escalate") {
    if (typeof answer !== "object") return 0;
    return namesOnly(closing.reason, instance, answer.escalate) ? 1 : 0.5;
  }
  const services = diagnosis.some(({ service }) => service === closing.service);
  const exact = diagnosis.some(({ service, fault }) => service === closing.service && fault === closing.fault);
  return exact ? 1 : services ? 0.5 : 0;
}

/** Whether a reason names the provider of that kind and no other, as whole words in any case. */
function namesOnly(reason: string, instance: Instance, kind: string): boolean {
  const words = new Set(reason.toLowerCase().split(/[^a-z0-9]+/));
  return Object.entries(instance.names)
    .filter(([role]) => role.startsWith("provider."))
    .every(([role, name]) => words.has(name) === (role === `provider.${kind}`));
}

function mitigationOf(instance: Instance, track: Track, judgement: Judgement): number {
  const { answer } = instance.sibling;
  const untouched = track.changes.length === 0;
  if (answer === "no_fault") {
    return untouched && track.closing?.type === "resolve_incident" && track.closing.service === "none" ? 1 : 0;
  }
  if (typeof answer === "object") return untouched && track.closing?.type === "escalate" ? 1 : 0;
  if (judgement.red === 0) return 1;
  const before = redCount(instance.redAtPage);
  return before === 0 ? 0 : (PARTIAL_MITIGATION * redCount(instance.redAtPage & ~judgement.red)) / before;
}

function scoreCap(instance: Instance, track: Track): number {
  const { answer } = instance.sibling;
  if (track.closing?.type === "escalate" && typeof answer !== "object") return WRONG_ESCALATION_CAP;
  if (answer === "no_fault" && coverage(track) < 1) return UNSEEN_NO_FAULT_CAP;
  return 1;
}
