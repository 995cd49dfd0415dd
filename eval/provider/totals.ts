import type { FinishedEpisode, Waits } from "../../env/store/store.ts";
import type { Usage } from "./usage.ts";

/** What an episode's calls came to: the columns of its record. */
export type CallTotals = Required<
  Pick<
    FinishedEpisode,
    | "providerCalls"
    | "providerFailures"
    | "inputTokens"
    | "cachedTokens"
    | "outputTokens"
    | "reasoningTokens"
    | "costUusd"
    | "costComplete"
    | "waitingMs"
  >
>;

/** One attempt, as far as totals care. */
export interface CountedAttempt {
  /** A failure of the provider's, not one of ours or the model's. */
  readonly isFailure: boolean;
  readonly usage: Usage | null;
  readonly costUusd: number | null;
  readonly waits: Waits;
  readonly latencyMs: number;
}

/** Sums over the attempts of an episode. Unknown tokens and costs leave the sums lower bounds, never zeros. */
export class Totals {
  #sums: CallTotals = {
    providerCalls: 0,
    providerFailures: 0,
    inputTokens: null,
    cachedTokens: null,
    outputTokens: null,
    reasoningTokens: null,
    costUusd: null,
    costComplete: true,
    waitingMs: 0,
  };

  add({ isFailure, usage, costUusd, waits, latencyMs }: CountedAttempt): void {
    const sums = this.#sums;
    const waited = Object.values(waits).reduce((sum, ms) => sum + ms, 0);
    this.#sums = {
      providerCalls: sums.providerCalls + 1,
      providerFailures: sums.providerFailures + (isFailure ? 1 : 0),
      inputTokens: plus(sums.inputTokens, usage?.inputTokens),
      cachedTokens: plus(sums.cachedTokens, usage?.cachedTokens),
      outputTokens: plus(sums.outputTokens, usage?.outputTokens),
      reasoningTokens: plus(sums.reasoningTokens, usage?.reasoningTokens),
      costUusd: plus(sums.costUusd, costUusd),
      costComplete: sums.costComplete && costUusd !== null,
      waitingMs: (sums.waitingMs ?? 0) + waited + (isFailure ? latencyMs : 0),
    };
  }

  /** As they stand now. */
  get sums(): CallTotals {
    return this.#sums;
  }
}

const plus = (sum: number | null | undefined, value: number | null | undefined): number | null =>
  value === null || value === undefined ? (sum ?? null) : (sum ?? 0) + value;
