import type { EpisodeEntry, ProviderCallRecord, SlotRecord } from "../../env/store/store.ts";
import { groupBy } from "../report/group-by.ts";
import type { Estimate } from "../stats/estimate.ts";
import { wilson } from "../stats/wilson.ts";
import { etaMs } from "./pace.ts";

/** How far one agent, or one incident, has come. */
export interface TargetStatus {
  readonly target: string;
  readonly planned: number;
  /** Slots that have been played, scored or not. */
  readonly done: number;
  readonly running: number;
  readonly pending: number;
  readonly successes: number;
  /** Share of the scored episodes, with Wilson's interval. */
  readonly success: Estimate;
  /** Played slots without a score, by what spoilt them. */
  readonly unscored: Readonly<Record<string, number>>;
  readonly calls: number;
  readonly failedCalls: number;
  /** Input and output, over all attempts; null where none is known. */
  readonly tokens: number | null;
  /** Millionths of a US dollar, over all attempts; null where none is known. */
  readonly costUusd: number | null;
  /** False when the cost of some call is unknown: the sum is a lower bound. */
  readonly costComplete: boolean;
  /** Null where nothing tells the pace. */
  readonly etaMs: number | null;
}

/** What is stored of a run, as far as its progress goes. */
export interface Progress {
  readonly slots: readonly SlotRecord[];
  readonly attempts: readonly EpisodeEntry[];
  /** Of attempts that run. */
  readonly runningCalls: readonly ProviderCallRecord[];
  /** When this sitting began, and now, in epoch milliseconds. */
  readonly since: number;
  readonly now: number;
}

/** A row for each target that has slots, in the order of their names. */
export function targetStatuses(progress: Progress, nameOf: (slot: SlotRecord) => string): TargetStatus[] {
  const names = new Map(progress.slots.map((slot) => [slot.slotId, nameOf(slot)]));
  const attempts = groupBy(progress.attempts, ({ slotId }) => names.get(slotId));
  const ofEpisode = new Map(progress.attempts.map(({ episodeId, slotId }) => [episodeId, names.get(slotId)]));
  const calls = groupBy(progress.runningCalls, ({ episodeId }) => ofEpisode.get(episodeId ?? ""));
  return [...groupBy(progress.slots, ({ slotId }) => names.get(slotId) ?? "")]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([target, slots]) =>
      targetStatus(target, {
        ...progress,
        slots,
        attempts: attempts.get(target) ?? [],
        runningCalls: calls.get(target) ?? [],
      }),
    );
}

function targetStatus(target: string, progress: Progress): TargetStatus {
  const { slots, attempts, runningCalls } = progress;
  const inState = (...states: readonly string[]): number => slots.filter(({ state }) => states.includes(state)).length;
  const final = attempts.filter((attempt) => attempt.final);
  const successes = final.filter(({ outcome }) => outcome === "success").length;
  const spoilt = final.filter(({ outcome, scored }) => outcome !== null && !scored);
  return {
    target,
    planned: slots.length,
    done: inState("scored", "unscored"),
    running: inState("running"),
    pending: inState("pending"),
    successes,
    success: wilson(successes, final.filter(({ scored }) => scored).length),
    unscored: Object.fromEntries(
      [...groupBy(spoilt, ({ errorClass, outcome }) => errorClass ?? outcome ?? "")].map(([name, of]) => [
        name,
        of.length,
      ]),
    ),
    ...useOf(attempts, runningCalls),
    etaMs: etaMs(progress),
  };
}

/** Of attempts that have ended what was added up at their end, of those that run what their calls came to so far. */
function useOf(attempts: readonly EpisodeEntry[], runningCalls: readonly ProviderCallRecord[]) {
  const ended = attempts.filter(({ outcome }) => outcome !== null);
  const sent = runningCalls.filter(({ state }) => state !== "in_flight");
  const sum = (of: (used: EpisodeEntry | ProviderCallRecord) => number | null): number | null => {
    const known = [...ended, ...sent].map(of).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
  };
  return {
    calls: runningCalls.length + ended.reduce((total, { providerCalls }) => total + providerCalls, 0),
    failedCalls:
      sent.filter(({ state }) => state !== "ok").length +
      ended.reduce((total, { providerFailures }) => total + providerFailures, 0),
    tokens: sum(({ inputTokens, outputTokens }) =>
      inputTokens === null && outputTokens === null ? null : (inputTokens ?? 0) + (outputTokens ?? 0),
    ),
    costUusd: sum(({ costUusd }) => costUusd),
    // Calls of an abandoned attempt are lost, and nobody added them up.
    costComplete:
      ended.every(
        ({ costComplete, providerCalls, outcome }) => costComplete || (providerCalls === 0 && outcome !== "abandoned"),
      ) && sent.every(({ costUusd }) => costUusd !== null),
  };
}
