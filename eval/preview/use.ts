import { BUDGETS } from "../../env/core/task.ts";
import type { Difficulty } from "../../env/core/task.ts";
import type { EpisodeEntry } from "../../env/store/store.ts";
import type { PlannedSlot } from "../plan.ts";
import type { Usage } from "../provider/usage.ts";
import type { Variant } from "../variants.ts";
import { rangeOf, sumOf } from "./range.ts";
import type { Range } from "./range.ts";

/**
 * What is assumed of a model that nothing is known of. Tokens are those of the prompts that ship and of what episodes
 * show, at four characters each; thinking comes on top, and only stored episodes tell how much.
 */
export const ASSUMED = {
  /** Calls of one episode. */
  calls: 8,
  /** Input of the first call: instructions, functions, page. */
  firstInputTokens: 2000,
  /** By how much the input of each further call is longer; a harness that tells no conversation repeats the first. */
  furtherInputTokens: 400,
  outputTokens: 200,
} as const;

/** A look, a change and a diagnosis: nobody who tries does with less. */
const LEAST_CALLS = 3;

/** Requests to repair a reply before the runbook acts. */
const REPAIRS = 2;

/** What one agent's episodes used before, or are assumed to. Tokens are those of an episode with `calls` calls. */
export interface EpisodeUse {
  readonly calls: number;
  readonly inputTokens: number;
  /** Part of the input. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** Of one call, in milliseconds; null when never seen. */
  readonly latencyMs: number | null;
  /** Stored episodes that it is the mean of; 0: assumed. */
  readonly episodes: number;
}

/** Most calls of one episode: one for each step, and with repairs the repairs of each. */
const mostCalls = ({ identity: { assisted } }: Variant, difficulty: Difficulty): number =>
  BUDGETS[difficulty].steps * (assisted ? 1 + REPAIRS : 1);

/**
 * What an agent is expected to use.
 * @param history episodes of any agents; those of the same variant count, else of the same name, else of the same model
 */
export function expectedUse(variant: Variant, history: readonly EpisodeEntry[]): EpisodeUse {
  const own = history.filter(
    ({ scored, providerCalls, outputTokens }) => scored && providerCalls > 0 && outputTokens !== null,
  );
  const model = `:${variant.model?.name ?? ""}`;
  const alike = [
    own.filter(({ variantId }) => variantId === variant.id),
    own.filter(({ variantLabel }) => variantLabel === variant.label),
    own.filter(({ variantLabel }) => variantLabel.replace(/\+assist$/, "").endsWith(model)),
  ].find(({ length }) => length > 0);
  return alike === undefined ? assumedUse(variant) : meanUse(alike);
}

function meanUse(episodes: readonly EpisodeEntry[]): EpisodeUse {
  const mean = (of: (episode: EpisodeEntry) => number | null): number =>
    episodes.reduce((sum, episode) => sum + (of(episode) ?? 0), 0) / episodes.length;
  const calls = mean(({ providerCalls }) => providerCalls);
  return {
    calls,
    inputTokens: mean(({ inputTokens }) => inputTokens),
    cachedTokens: mean(({ cachedTokens }) => cachedTokens),
    outputTokens: mean(({ outputTokens }) => outputTokens),
    latencyMs: mean(({ workingMs }) => workingMs) / calls,
    episodes: episodes.length,
  };
}

const assumedUse = (variant: Variant): EpisodeUse => ({
  calls: ASSUMED.calls,
  inputTokens: assumedInput(variant, ASSUMED.calls),
  cachedTokens: 0,
  outputTokens: ASSUMED.calls * ASSUMED.outputTokens,
  latencyMs: null,
  episodes: 0,
});

/** Input of all calls of an episode; where the whole conversation is told, it grows with the square of its length. */
function assumedInput({ identity: { harness } }: Variant, calls: number): number {
  const { firstInputTokens, furtherInputTokens } = ASSUMED;
  const further = harness === "prompting" ? 0 : furtherInputTokens;
  return calls * firstInputTokens + (further * calls * (calls - 1)) / 2;
}

/** Tokens of an episode of so many calls, in proportion to what is expected of one of the usual length. */
export function tokensOf(variant: Variant, use: EpisodeUse, calls: number): Usage {
  const inputs = assumedInput(variant, calls) / assumedInput(variant, use.calls);
  return {
    inputTokens: use.inputTokens * inputs,
    cachedTokens: use.cachedTokens * inputs,
    cacheWriteTokens: 0,
    outputTokens: (use.outputTokens * calls) / use.calls,
    reasoningTokens: null,
  };
}

/** Calls of one episode; what was seen before may lie outside of what a well-behaved agent needs. */
export function callsOf({ variant, task }: PlannedSlot, { calls }: EpisodeUse): Range {
  const most = Math.max(mostCalls(variant, task.difficulty), calls);
  return { least: Math.min(LEAST_CALLS, calls), expected: calls, most };
}

/** Calls of an agent's episodes, in whole ones. */
export const callsOfAll = (slots: readonly PlannedSlot[], use: EpisodeUse): Range => {
  const sum = sumOf(slots.map((slot) => callsOf(slot, use)));
  return rangeOf((bound) => Math.round(sum[bound]));
};
