import { percentiles } from "../stats/percentiles.ts";
import type { Percentiles } from "../stats/percentiles.ts";
import { finalOf, scoredOf } from "./entry.ts";
import type { Entry } from "./entry.ts";

/** What an entry used: tokens, money, time. A value that is unknown, or that the agent has none of, is null. */
export interface Use {
  /** Requests sent to providers, over all attempts; a repeated one counts each time. */
  readonly calls: number;
  readonly failedCalls: number;
  /** Over the scored episodes. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** Millionths of a US dollar, over the scored episodes. */
  readonly scoredCostUusd: number | null;
  /** The same over everything that was sent: failed, lost and repeated calls too. */
  readonly totalCostUusd: number | null;
  /** Calls, or episodes where none are stored, whose cost is unknown: the costs are then lower bounds. */
  readonly unpriced: number;
  /** Total cost and scored tokens for each success; null without one. */
  readonly costPerSuccessUusd: number | null;
  readonly tokensPerSuccess: number | null;
  /** Milliseconds from sending to the last byte, of calls that succeeded; waits before them are apart. */
  readonly latencyMs: Percentiles;
  /** Milliseconds spent in gate, retries and pauses. */
  readonly waitingMs: number | null;
}

export function useOf(entry: Entry): Use {
  const scored = scoredOf(entry);
  const successes = scored.filter(({ outcome }) => outcome === "success").length;
  const perSuccess = (total: number | null): number | null =>
    total === null || successes === 0 ? null : total / successes;
  const inputTokens = sumOf(scored, ({ inputTokens: tokens }) => tokens);
  const outputTokens = sumOf(scored, ({ outputTokens: tokens }) => tokens);
  const tokens = inputTokens === null && outputTokens === null ? null : (inputTokens ?? 0) + (outputTokens ?? 0);
  const { totalCostUusd, unpriced } = totalCost(entry);
  return {
    calls: entry.calls.length > 0 ? entry.calls.length : countOf(entry, "providerCalls"),
    failedCalls:
      entry.calls.length > 0
        ? entry.calls.filter(({ state }) => state === "failed" || state === "lost").length
        : countOf(entry, "providerFailures"),
    inputTokens,
    outputTokens,
    scoredCostUusd: sumOf(scored, ({ costUusd }) => costUusd),
    totalCostUusd,
    unpriced,
    costPerSuccessUusd: perSuccess(totalCostUusd),
    tokensPerSuccess: perSuccess(tokens),
    latencyMs: percentiles(
      entry.calls.flatMap(({ state, latencyMs }) => (state === "ok" && latencyMs !== null ? [latencyMs] : [])),
    ),
    waitingMs: sumOf(finalOf(entry), ({ waitingMs }) => waitingMs),
  };
}

function totalCost({ calls, attempts }: Entry): Pick<Use, "totalCostUusd" | "unpriced"> {
  if (calls.length > 0) {
    const sent = calls.filter(({ state }) => state !== "in_flight");
    return {
      totalCostUusd: sumOf(sent, ({ costUusd }) => costUusd),
      unpriced: sent.filter(({ costUusd }) => costUusd === null).length,
    };
  }
  return {
    totalCostUusd: sumOf(attempts, ({ costUusd }) => costUusd),
    unpriced: attempts.filter(({ outcome, costComplete }) => outcome !== null && !costComplete).length,
  };
}

/** Null where no item has a value: nothing is known, which is not zero. */
function sumOf<Item>(items: readonly Item[], valueOf: (item: Item) => number | null): number | null {
  const known = items.map(valueOf).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

const countOf = ({ attempts }: Entry, field: "providerCalls" | "providerFailures"): number =>
  attempts.reduce((total, attempt) => total + attempt[field], 0);

const UUSD = 1_000_000;

/** `$0.0123`, and `≥ $0.0123` where the cost of some calls is unknown; null stays null. */
export function dollars(uusd: number | null, unpriced = 0): string | null {
  if (uusd === null) return null;
  const amount = uusd / UUSD;
  const digits = amount !== 0 && amount < 1 ? 4 : 2;
  return `${unpriced > 0 ? "≥ " : ""}$${amount.toFixed(digits)}`;
}
