import type { Action, Remedy } from "./actions/index.ts";
import type { TouchedKey } from "./guards.ts";
import type { State } from "./state.ts";
import type { ResultData } from "./telemetry/results.ts";

/** A change that was applied, and how it is judged. */
export interface AppliedChange {
  readonly step: number;
  /** Ticks since the page at which it was applied. */
  readonly tick: number;
  readonly action: Remedy;
  readonly right: boolean;
  readonly distractor: boolean;
  /** Sheds load on purpose. */
  readonly sheds: boolean;
  /** An objective was still missed when the change had taken its ticks. */
  leftBreach: boolean;
}

/** What an episode remembers for its score. Plain data; nothing of it is visible to an agent. */
export interface Track {
  steps: number;
  invalid: number;
  unparsed: number;
  badArguments: number;
  overLimit: number;
  /** Observing actions before the first change. */
  looksBeforeChange: number;
  /** For each needed item: the step that first showed it before any change, and ever; 0: none. */
  seenBeforeChange: number[];
  seenEver: number[];
  /** Ticks after the page at which an item was first seen; −1: none. */
  firstSeenTick: number;
  changes: AppliedChange[];
  /** Objectives missed in each tick since the page, as masks of single-tick values. */
  redTicks: number[];
  /** Availability in each of those ticks. */
  availability: number[];
  /** Consecutive green ticks of each objective, by the panel. */
  greenTicks: number[];
  /** Services observed before the first change, and after the last one. */
  servicesBefore: string[];
  servicesSince: string[];
  /** Configuration looked up, to notice a question asked again with the same answer. Other looks carry the time. */
  lookedUp: { text: string; data: ResultData }[];
  repeated: number;
  /** Whether the action before the accepted close was an attempt to close that failed. */
  badClose: boolean;
  closing: Extract<Action, { type: "resolve_incident" | "escalate" }> | null;
  /** Masks of the panel at the close, and of single ticks: how long all had been green. */
  greenBeforeClose: number;
  /** Ticks from the page to the close. */
  closeTick: number;
  truncatedBy: string | null;
  /** The state just before the first change: where the twin without the agent sets out. */
  twin: State | null;
  guardsAtPage: string[];
  /** Potential of the present state, in millionths. */
  potential: number;
  /** Sum of rewards, in millionths. */
  returned: number;
}

export function newTrack(needed: number, objectives: number, guardsAtPage: string[]): Track {
  return {
    steps: 0,
    invalid: 0,
    unparsed: 0,
    badArguments: 0,
    overLimit: 0,
    looksBeforeChange: 0,
    seenBeforeChange: Array.from({ length: needed }, () => 0),
    seenEver: Array.from({ length: needed }, () => 0),
    firstSeenTick: -1,
    changes: [],
    redTicks: [],
    availability: [],
    greenTicks: Array.from({ length: objectives }, () => 0),
    servicesBefore: [],
    servicesSince: [],
    lookedUp: [],
    repeated: 0,
    badClose: false,
    closing: null,
    greenBeforeClose: 0,
    closeTick: -1,
    truncatedBy: null,
    twin: null,
    guardsAtPage,
    potential: 0,
    returned: 0,
  };
}

/** Configuration keys that the agent changed. */
export const touchedKeys = (track: Track): TouchedKey[] =>
  track.changes.flatMap(({ action }) =>
    action.type === "update_config" ? [{ service: action.service, key: action.key }] : [],
  );

/** Share of the needed evidence seen before the first change. */
export function coverage(track: Track): number {
  const seen = track.seenBeforeChange.filter((step) => step > 0).length;
  return track.seenBeforeChange.length > 0 ? seen / track.seenBeforeChange.length : 0;
}
