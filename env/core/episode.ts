import { actionDef } from "./actions/index.ts";
import type { Action, AnyActionDef, Remedy } from "./actions/index.ts";
import { parseAction } from "./actions/parse.ts";
import { actionText } from "./actions/text.ts";
import { shows } from "./evidence.ts";
import type { Look } from "./evidence.ts";
import { failingGuards } from "./guards.ts";
import { initial } from "./initial.ts";
import type { Instance } from "./initial.ts";
import { judge } from "./judge.ts";
import { lookAt, observe, pageOf } from "./observation.ts";
import type { ActionResult, Observation } from "./observation.ts";
import { potential, rewardOf } from "./reward.ts";
import type { RewardMode } from "./reward.ts";
import { isDistractor, isRight, isShedding } from "./right.ts";
import { UNITS } from "./score.ts";
import { availabilityNow, LIVE_WINDOW, redMask, SLO_COUNT } from "./slo.ts";
import { cloneState } from "./snapshot.ts";
import type { State } from "./state.ts";
import { BUDGETS } from "./task.ts";
import type { Task } from "./task.ts";
import type { ResultData } from "./telemetry/results.ts";
import { tick } from "./tick.ts";
import { newTrack } from "./track.ts";
import type { Track } from "./track.ts";
import { verdictOf } from "./verdict.ts";
import type { Verdict } from "./verdict.ts";

/** What a step gives back, under Gymnasium's five names. */
export interface StepResult {
  readonly observation: Observation;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly info: StepInfo;
}

/** Control plane: the metrics so far, and the verdict at the end. */
export interface StepInfo {
  readonly metrics: Readonly<Record<string, number>>;
  readonly episode?: Verdict;
}

/** One incident being played: instance, hidden state, and what is remembered for the score. */
export interface Episode {
  readonly instance: Instance;
  readonly state: State;
  readonly track: Track;
  readonly page: ReturnType<typeof pageOf>;
  readonly rewardMode: RewardMode;
  readonly gamma: number;
  verdict: Verdict | null;
  /** Called after each tick, for figures; null in play. */
  watch: ((state: State) => void) | null;
}

const PAGED: ActionResult = { status: "ok", message: "You are on call. The page is open.", data: null };
const CLOSED = "Incident closed; final review queued.";
const LONGEST_ECHO = 512;

/** Starts an episode of a task at a seed. */
export function beginEpisode(task: Task, seed: number, rewardMode: RewardMode, gamma: number): Episode {
  const { instance, state } = initial(task, seed);
  const track = newTrack(instance.sibling.needed.length, SLO_COUNT, failingGuards(state, []));
  return { instance, state, track, page: pageOf(instance, state), rewardMode, gamma, verdict: null, watch: null };
}

/** The first observation: the page and the panel. */
export const firstObservation = (episode: Episode): Observation => show(episode, null, PAGED);

/** Carries out one action, given as any JSON value. The episode must not be over. */
export function act(episode: Episode, input: unknown): StepResult {
  const { track } = episode;
  const before = track.potential;
  track.steps += 1;
  const parsed = parseAction(input);
  if (!parsed.ok) {
    track.unparsed += 1;
    if (parsed.type !== undefined && actionDef(parsed.type).kind === "close") track.badClose = true;
    return finishStep(episode, before, null, refuse(episode, parsed.reason));
  }
  const { action } = parsed;
  const text = actionText(action);
  const def = actionDef(action.type);
  const refusal = def.refuse?.(episode.state, action) ?? null;
  if (refusal !== null) {
    track.badArguments += 1;
    return finishStep(episode, before, text, refuse(episode, refusal));
  }
  if (def.kind === "remediate" && changesLeft(episode) === 0) {
    track.overLimit += 1;
    const { changes } = budget(episode);
    return finishStep(episode, before, text, refuse(episode, `All ${changes} changes are used. Look, or close.`));
  }
  return finishStep(episode, before, text, perform(episode, def, action, text));
}

/** Ends an episode from outside; it is scored like one whose steps are used up, with the reason recorded. */
export function truncateEpisode(episode: Episode, reason: string): StepResult {
  const before = episode.track.potential;
  close(episode, reason);
  return report(episode, before, null, { status: "closed", message: CLOSED, data: null });
}

function perform(episode: Episode, def: AnyActionDef, action: Action, text: string): ActionResult {
  switch (def.kind) {
    case "observe":
      return look(episode, def, action, text);
    case "remediate":
      return change(episode, def, action as Remedy, text);
    case "close":
      episode.track.closing = action as Extract<Action, { type: "resolve_incident" | "escalate" }>;
      close(episode, null);
      return { status: "closed", message: CLOSED, data: null };
  }
}

function look(episode: Episode, def: AnyActionDef, action: Action, text: string): ActionResult {
  const { instance, state, track } = episode;
  advance(episode, def.ticks);
  const seen = lookAt(instance, state, action) as Look;
  const { data } = seen;
  noteEvidence(episode, seen);
  if ("service" in action) {
    const services = track.changes.length === 0 ? track.servicesBefore : track.servicesSince;
    if (!services.includes(action.service)) services.push(action.service);
  }
  noteRepeat(track, text, data);
  return { status: "ok", message: sentence(data), data };
}

function noteEvidence(episode: Episode, seen: Look): void {
  const { instance, state, track } = episode;
  const untouched = track.changes.length === 0;
  if (untouched) track.looksBeforeChange += 1;
  instance.sibling.needed.forEach((item, i) => {
    if (track.seenEver[i] !== 0 || !shows(item, seen)) return;
    track.seenEver[i] = track.steps;
    if (untouched) track.seenBeforeChange[i] = track.steps;
    if (track.firstSeenTick < 0) track.firstSeenTick = state.tick - instance.pageTick;
  });
}

/** Counts a question that was asked before and has the same answer. */
function noteRepeat(track: Track, text: string, data: ResultData): void {
  if (data.kind !== "config" && data.kind !== "config_history") return;
  const before = track.lookedUp.findLast((entry) => entry.text === text);
  if (before !== undefined && JSON.stringify(before.data) === JSON.stringify(data)) track.repeated += 1;
  else track.lookedUp.push({ text, data });
}

function change(episode: Episode, def: AnyActionDef, action: Remedy, text: string): ActionResult {
  const { instance, state, track } = episode;
  if (track.changes.length === 0) track.twin = cloneState(state);
  const applied = {
    step: track.steps,
    tick: state.tick - instance.pageTick,
    action,
    right: isRight(instance.sibling, action),
    distractor: isDistractor(instance.sibling, action),
    sheds: isShedding(instance.sibling, action),
    leftBreach: false,
  };
  track.changes.push(applied);
  track.servicesSince = [];
  const done = action.type === "restart_service" ? `${action.service} restarted.` : changeSentence(state, action);
  def.apply?.(state, action);
  advance(episode, def.ticks);
  applied.leftBreach = redMask(state, LIVE_WINDOW) !== 0;
  return { status: "ok", message: done, data: { kind: "change", service: action.service, applied: text } };
}

function changeSentence(state: State, action: Extract<Remedy, { type: "update_config" }>): string {
  const old = (state.config[action.service] as Record<string, unknown>)[action.key];
  return `${action.service}.${action.key} set to ${String(action.value)}, was ${String(old)}; applied on all instances.`;
}

/** An invalid action: a step, a tick, the reason; nothing changes. */
function refuse(episode: Episode, reason: string): ActionResult {
  episode.track.invalid += 1;
  advance(episode, 1);
  return { status: "invalid", message: reason, data: null };
}

/** Lets ticks pass and remembers what users had of them. */
function advance(episode: Episode, ticks: number): void {
  const { state, track } = episode;
  for (let i = 0; i < ticks; i += 1) {
    tick(state);
    episode.watch?.(state);
    const red = redMask(state, 1);
    track.redTicks.push(red);
    track.availability.push(availabilityNow(state));
    for (let slo = 0; slo < SLO_COUNT; slo += 1) {
      track.greenTicks[slo] = (red & (1 << slo)) === 0 ? (track.greenTicks[slo] ?? 0) + 1 : 0;
    }
  }
}

function close(episode: Episode, truncatedBy: string | null): void {
  const { instance, state, track } = episode;
  track.truncatedBy = truncatedBy;
  track.greenBeforeClose = Math.min(...track.greenTicks);
  episode.verdict = verdictOf(instance, track, judge(instance, state, track, episode.watch));
}

function finishStep(episode: Episode, before: number, text: string | null, result: ActionResult): StepResult {
  if (episode.verdict === null && stepsLeft(episode) === 0) close(episode, "step_budget");
  return report(episode, before, text, result);
}

function report(episode: Episode, before: number, text: string | null, result: ActionResult): StepResult {
  const { instance, state, track, verdict } = episode;
  const final = verdict === null ? null : Math.round(verdict.score * UNITS);
  track.potential = verdict === null ? potential(instance, state, track) : 0;
  const reward = rewardOf(episode.rewardMode, episode.gamma, before, track.potential, final);
  track.returned += reward;
  return {
    observation: show(episode, text, result),
    reward,
    terminated: verdict !== null && track.truncatedBy === null,
    truncated: track.truncatedBy !== null,
    info: verdict === null ? { metrics: metricsSoFar(track) } : { metrics: metricsSoFar(track), episode: verdict },
  };
}

export const metricsSoFar = (track: Track): Record<string, number> => ({
  steps: track.steps,
  invalid_actions: track.invalid,
  changes: track.changes.length,
});

function show(episode: Episode, lastAction: string | null, result: ActionResult): Observation {
  const { incidentId, alert } = episode.page;
  return observe(episode.instance, episode.state, {
    incidentId,
    alert,
    stepsLeft: stepsLeft(episode),
    changesLeft: changesLeft(episode),
    lastAction: lastAction === null ? null : echo(lastAction),
    result,
  });
}

/** An action's own text, cut where an agent wrote at length: an observation must stay small. */
const echo = (text: string): string =>
  text.length > LONGEST_ECHO ? `${text.slice(0, LONGEST_ECHO).toWellFormed()}…` : text;

const budget = ({ instance }: Episode): { readonly steps: number; readonly changes: number } =>
  BUDGETS[instance.task.difficulty];
export const stepsLeft = (episode: Episode): number => budget(episode).steps - episode.track.steps;
export const changesLeft = (episode: Episode): number => budget(episode).changes - episode.track.changes.length;

/** One mechanical sentence for an observation. */
function sentence(data: ResultData): string {
  switch (data.kind) {
    case "logs":
      return `${data.lines.length} log lines from ${data.service}.`;
    case "metrics":
      return `${data.rows.length} metrics of ${data.service}.`;
    case "status":
      return `${data.service} reports ${data.state}.`;
    case "config":
      return `${data.keys.length} keys of ${data.service}.`;
    case "config_history":
      return `${data.revisions.length} revisions of ${data.service}.${data.key}.`;
    case "change":
      return data.applied;
  }
}
