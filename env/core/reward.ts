import { failingGuards } from "./guards.ts";
import type { Instance } from "./initial.ts";
import { evidenceScore, UNITS } from "./score.ts";
import { LIVE_WINDOW, redCount, redMask, SLO_COUNT } from "./slo.ts";
import type { State } from "./state.ts";
import { touchedKeys } from "./track.ts";
import type { Track } from "./track.ts";

/**
 * Three ways to pay out one score: step by step so that rewards sum to it exactly; all at the end; or at the end plus
 * shaping that keeps the optimal policy (Ng, Harada and Russell, 1999).
 */
export const REWARD_MODES = ["telescoped", "sparse", "potential"] as const;
export type RewardMode = (typeof REWARD_MODES)[number];

export const DEFAULT_GAMMA = 0.99;

/** Green ticks in a row after which an objective counts as restored. */
const RESTORED_TICKS = 8;
const WEIGHTS = { evidence: 0.15, restored: 0.25, guards: 0.1 } as const;

/**
 * How far an episode has come, in millionths, from −250,000 to 500,000; 0 at the page. Computed from hidden state, so
 * rewards must not reach a language model during an episode.
 */
export function potential(instance: Instance, state: State, track: Track): number {
  const phi =
    WEIGHTS.evidence * evidenceScore(track) +
    WEIGHTS.restored * restored(instance, state, track) +
    WEIGHTS.guards * guardsCleared(state, track);
  return Math.round(phi * UNITS);
}

function restored(instance: Instance, state: State, track: Track): number {
  let sum = 0;
  for (let slo = 0; slo < SLO_COUNT; slo += 1) {
    if ((instance.redAtPage & (1 << slo)) !== 0) sum += Math.min(1, (track.greenTicks[slo] ?? 0) / RESTORED_TICKS);
  }
  const atPage = redCount(instance.redAtPage);
  const fresh = redCount(redMask(state, LIVE_WINDOW) & ~instance.redAtPage);
  return (atPage > 0 ? sum / atPage : 0) - fresh / SLO_COUNT;
}

function guardsCleared(state: State, track: Track): number {
  if (track.guardsAtPage.length === 0) return 0;
  const failing = failingGuards(state, touchedKeys(track));
  return track.guardsAtPage.filter((guard) => !failing.includes(guard)).length / track.guardsAtPage.length;
}

/** A step's reward. `final` is the score in millionths when the step ended the episode, else null. */
export function rewardOf(mode: RewardMode, gamma: number, before: number, after: number, final: number | null): number {
  switch (mode) {
    case "telescoped":
      return ((final ?? after) - before) / UNITS;
    case "sparse":
      return (final ?? 0) / UNITS;
    case "potential":
      return ((final ?? 0) + (final === null ? gamma * after : 0) - before) / UNITS;
  }
}
