import type { Remedy } from "./actions/index.ts";
import { SETTLE_TICKS } from "./actions/resolve-incident.ts";
import { declaredOutage } from "./change.ts";
import { failingGuards } from "./guards.ts";
import type { Instance } from "./initial.ts";
import { runPhases } from "./onset.ts";
import { availabilityNow, JUDGEMENT_WINDOW, LIVE_WINDOW, redCount, redMask } from "./slo.ts";
import { cloneState } from "./snapshot.ts";
import type { State } from "./state.ts";
import { tickUnseen } from "./tick.ts";
import type { AppliedChange, Track } from "./track.ts";
import { touchedKeys } from "./track.ts";

/** What the twelve ticks after the close showed. */
export interface Judgement {
  /** Objectives missed over the last eight ticks, as a mask. */
  readonly red: number;
  readonly guards: readonly string[];
  /** Null where the incident has no trigger that is over, or the objectives did not hold anyway. */
  readonly replaySurvived: boolean | null;
  /** Red objective-ticks beyond the twin's, from the first change to the close. */
  readonly collateral: number;
  /** For each change: did it do harm within twelve ticks? */
  readonly harmful: readonly boolean[];
  /** Ticks from the page to the start of the green stretch that lasts through judgement; −1: none. */
  readonly greenSince: number;
}

/** Availability below the twin's by this much is harm. */
const HARMFUL_DROP = 0.05;
const HARM_TICKS = 12;

/** Runs the settling ticks and judges what the episode leaves behind. Moves `state` and appends to the track. */
export function judge(
  instance: Instance,
  state: State,
  track: Track,
  watch: ((state: State) => void) | null,
): Judgement {
  track.closeTick = track.redTicks.length;
  for (let i = 0; i < SETTLE_TICKS; i += 1) {
    tickUnseen(state);
    watch?.(state);
    track.redTicks.push(redMask(state, 1));
    track.availability.push(availabilityNow(state));
  }
  const red = redMask(state, JUDGEMENT_WINDOW);
  const guards = failingGuards(state, touchedKeys(track));
  const twin = twinTicks(track);
  return {
    red,
    guards,
    replaySurvived: replay(instance, state, red),
    collateral: twin === null ? 0 : collateral(track, twin),
    harmful: track.changes.map((change) => twin !== null && isHarmful(track, twin, change)),
    greenSince: red === 0 ? lastRed(track.redTicks) + 1 : -1,
  };
}

/** Whether every objective holds after the trigger struck once more. */
function replay(instance: Instance, state: State, red: number): boolean | null {
  if (!instance.sibling.replay) return null;
  if (red !== 0) return false;
  const again = cloneState(state);
  runPhases(again, instance.sibling);
  return redMask(again, JUDGEMENT_WINDOW) === 0;
}

interface TwinTicks {
  /** As the panel would show them: an objective that comes and goes in the twin too is not the agent's doing. */
  readonly redTicks: readonly number[];
  readonly availability: readonly number[];
}

/** The same episode without the agent's changes; null when there were none and it would be the same. */
function twinTicks(track: Track): TwinTicks | null {
  if (track.twin === null) return null;
  const first = track.changes[0]?.tick ?? 0;
  const redTicks = track.redTicks.slice(0, first);
  const availability = track.availability.slice(0, first);
  const twin = cloneState(track.twin);
  while (redTicks.length < track.redTicks.length) {
    tickUnseen(twin);
    redTicks.push(redMask(twin, LIVE_WINDOW));
    availability.push(availabilityNow(twin));
  }
  return { redTicks, availability };
}

/** Red objective-ticks that the twin does not have, outside the declared outages of right restarts. */
function collateral(track: Track, twin: TwinTicks): number {
  let sum = 0;
  for (let at = track.changes[0]?.tick ?? 0; at < track.closeTick; at += 1) sum += extraRed(track, twin, at);
  return sum;
}

function extraRed(track: Track, twin: TwinTicks, at: number): number {
  if (isExcused(track, at)) return 0;
  return redCount((track.redTicks[at] ?? 0) & ~(twin.redTicks[at] ?? 0));
}

/** Whether a right change was bound to be felt at that tick. */
const isExcused = (track: Track, at: number): boolean =>
  track.changes.some((change) => change.right && inDeclaredOutage(track, change, at));

/** Whether users were bound to notice a change at that tick: a restart, or load shed until the key is set again. */
function inDeclaredOutage(track: Track, change: AppliedChange, at: number): boolean {
  const { action } = change;
  if (at < change.tick) return false;
  if (action.type === "restart_service") return at < change.tick + declaredOutage(action.service);
  if (!change.sheds) return false;
  const undone = track.changes.find((later) => later.tick > change.tick && isSameKey(later.action, action));
  return at < (undone === undefined ? track.closeTick : undone.tick + SHEDDING_ENDS_TICKS);
}

/** Ticks in which the objectives' windows still hold what was shed. */
const SHEDDING_ENDS_TICKS = 4;

const isSameKey = (a: Remedy, b: Remedy): boolean =>
  a.type === "update_config" && b.type === "update_config" && a.service === b.service && a.key === b.key;

function isHarmful(track: Track, twin: TwinTicks, change: AppliedChange): boolean {
  let extra = 0;
  let drops = 0;
  const end = Math.min(change.tick + HARM_TICKS, track.redTicks.length);
  for (let at = change.tick; at < end; at += 1) {
    if (isExcused(track, at)) continue;
    extra += extraRed(track, twin, at);
    if ((track.availability[at] ?? 1) < (twin.availability[at] ?? 1) - HARMFUL_DROP) drops += 1;
  }
  return extra >= 2 || drops >= 2;
}

const lastRed = (redTicks: readonly number[]): number => redTicks.findLastIndex((mask) => mask !== 0);
