import type { Instance } from "./initial.ts";
import type { Judgement } from "./judge.ts";
import type { Score } from "./score.ts";
import { symptomServices } from "./slo.ts";
import type { Sibling } from "./task.ts";
import { coverage } from "./track.ts";
import type { Track } from "./track.ts";

/** What the checks look at. */
export interface CheckInput {
  readonly instance: Instance;
  readonly track: Track;
  readonly judgement: Judgement;
  readonly score: Score;
  readonly success: boolean;
}

type Applies = "all" | "fix" | "hold" | "trigger" | "setback";

interface Check {
  readonly name: string;
  readonly applies: Applies;
  /** Also counts when no evidence was seen, given three actions. */
  readonly mechanical?: true;
  readonly passes: (input: CheckInput) => boolean;
}

const rootService = (sibling: Sibling): string => {
  const service = sibling.diagnosis[0]?.service ?? "none";
  return service === "none" || service === "external" ? "web_server" : service;
};

const symptoms = ({ task }: Instance): readonly string[] => symptomServices(task.pages_on);

const sawEvidence = (track: Track): boolean => track.seenBeforeChange.some((step) => step > 0);
const changed = (track: Track): boolean => track.changes.length > 0;

/** Whether a service that the last change or the page concerns was looked at between that change and the close. */
export function verified({ instance, track }: Pick<CheckInput, "instance" | "track">): boolean {
  const last = track.changes.at(-1);
  if (last === undefined) return false;
  const affected = [last.action.service, ...symptoms(instance), rootService(instance.sibling)];
  return track.servicesSince.some((service) => affected.includes(service));
}

/** Steps of one who looks at each needed item once, applies the fix, looks on until it is green, and closes. */
export function referenceSteps(sibling: Sibling): number {
  const fix = sibling.fixes[0] ?? [];
  const steps = fix.reduce((sum, step) => sum + ("wait" in step ? step.wait : 1), 0);
  const after = sibling.answer === "fix" ? Math.max(2, sibling.recovery_ticks) : 0;
  return sibling.needed.length + steps + after + 1;
}

const CHECKS: readonly Check[] = [
  { name: "calls_parse", applies: "all", mechanical: true, passes: ({ track }) => track.unparsed === 0 },
  { name: "args_valid", applies: "all", mechanical: true, passes: ({ track }) => track.badArguments === 0 },
  { name: "within_limit", applies: "all", mechanical: true, passes: ({ track }) => track.overLimit === 0 },
  {
    name: "symptom_seen",
    applies: "all",
    passes: ({ instance, track }) => symptoms(instance).some((service) => track.servicesBefore.includes(service)),
  },
  {
    name: "cause_service_seen",
    applies: "all",
    passes: ({ instance, track }) => track.servicesBefore.includes(rootService(instance.sibling)),
  },
  { name: "looked_first", applies: "all", passes: ({ track }) => sawEvidence(track) },
  { name: "grounded", applies: "all", passes: ({ track }) => coverage(track) >= 0.5 },
  { name: "evidence_complete", applies: "all", passes: ({ track }) => coverage(track) === 1 },
  { name: "first_change_right", applies: "fix", passes: ({ track }) => track.changes[0]?.right ?? false },
  {
    name: "needed_only",
    applies: "fix",
    passes: ({ track }) => changed(track) && track.changes.every(({ right }) => right),
  },
  {
    name: "no_distractor",
    applies: "fix",
    passes: ({ track }) => changed(track) && !track.changes.some(({ distractor }) => distractor),
  },
  {
    name: "no_harm",
    applies: "fix",
    passes: ({ track, judgement }) => changed(track) && !judgement.harmful.includes(true),
  },
  { name: "held_back", applies: "hold", passes: ({ track, score }) => !changed(track) && score.parts.mitigation === 1 },
  { name: "verified", applies: "fix", passes: (input) => verified(input) },
  {
    name: "not_premature",
    applies: "fix",
    passes: ({ track }) => track.closing !== null && track.greenBeforeClose >= 2,
  },
  { name: "service_right", applies: "all", passes: ({ score }) => score.parts.diagnosis >= 0.5 },
  { name: "fault_right", applies: "all", passes: ({ score }) => score.parts.diagnosis === 1 },
  { name: "fix_right", applies: "fix", passes: ({ score }) => score.parts.mitigation === 1 },
  { name: "durable", applies: "fix", passes: ({ score }) => score.parts.durable === 1 },
  { name: "replay_survived", applies: "trigger", passes: ({ judgement }) => judgement.replaySurvived === true },
  {
    name: "in_order",
    applies: "fix",
    passes: (input) => sawEvidence(input.track) && verified(input) && input.track.closing !== null,
  },
  { name: "closed", applies: "all", passes: ({ track }) => track.closing !== null },
  { name: "close_valid", applies: "all", passes: ({ track }) => track.closing !== null && !track.badClose },
  { name: "no_reask", applies: "all", passes: ({ track }) => track.repeated === 0 },
  {
    name: "steps_ok",
    applies: "all",
    passes: ({ instance, track }) => track.steps <= 1.5 * referenceSteps(instance.sibling),
  },
  { name: "recovered", applies: "setback", passes: ({ success }) => success },
];

/** Names of all checks, in order. */
export const CHECK_NAMES = CHECKS.map(({ name }) => name);

/**
 * Every check that applies to this sibling, true or false; those that do not apply are absent. One who saw no evidence
 * fails all of them, except that three actions without a slip pass the mechanical ones.
 */
export function runChecks(input: CheckInput): Record<string, boolean> {
  const blind = !input.track.seenEver.some((step) => step > 0);
  const results: Record<string, boolean> = {};
  for (const check of CHECKS) {
    if (!doesApply(check.applies, input)) continue;
    const counts = !blind || (check.mechanical === true && input.track.steps >= 3);
    results[check.name] = counts && check.passes(input);
  }
  return results;
}

function doesApply(applies: Applies, { instance, track }: CheckInput): boolean {
  switch (applies) {
    case "all":
      return true;
    case "fix":
      return instance.sibling.answer === "fix";
    case "hold":
      return instance.sibling.answer !== "fix";
    case "trigger":
      return instance.sibling.replay;
    case "setback":
      return track.invalid > 0 || track.changes.some(({ leftBreach }) => leftBreach);
  }
}
