import { describe, expect, test } from "vitest";
import { assertPriced, BudgetRule } from "../../../eval/provider/budget.ts";
import type { Budget } from "../../../eval/provider/budget.ts";
import { ModelEntry } from "../../../eval/provider/config.ts";
import type { NamedModel } from "../../../eval/provider/config.ts";
import { Totals } from "../../../eval/provider/totals.ts";
import type { CountedAttempt } from "../../../eval/provider/totals.ts";
import { REQUEST, scriptedModel, SERVER_ERROR } from "./scripted.ts";
import { VirtualClock } from "./virtual-clock.ts";

const attempt = (changes: Partial<CountedAttempt> = {}): CountedAttempt => ({
  isFailure: false,
  usage: { inputTokens: 70, cachedTokens: 5, cacheWriteTokens: 0, outputTokens: 30, reasoningTokens: null },
  costUusd: 10,
  waits: {},
  latencyMs: 100,
  ...changes,
});

const totalsOf = (attempts: readonly CountedAttempt[]) => {
  const totals = new Totals();
  for (const one of attempts) totals.add(one);
  return totals.sums;
};

describe("the totals of an episode", () => {
  test("are sums over all its attempts", () => {
    const failed = attempt({ isFailure: true, usage: null, costUusd: null, waits: { gap: 500, breaker: 60_000 } });
    expect(totalsOf([attempt(), failed, attempt({ waits: { backoff: 7 } })])).toEqual({
      providerCalls: 3,
      providerFailures: 1,
      inputTokens: 140,
      cachedTokens: 10,
      outputTokens: 60,
      reasoningTokens: null,
      costUusd: 20,
      costComplete: false,
      waitingMs: 60_000 + 500 + 7 + 100,
    });
  });

  test("are unknown, not zero, while nothing was reported", () => {
    expect(totalsOf([attempt({ usage: null, costUusd: null })])).toMatchObject({ inputTokens: null, costUusd: null });
    expect(totalsOf([])).toMatchObject({ providerCalls: 0, costUusd: null, costComplete: true });
    expect(totalsOf([attempt({ costUusd: 0 })])).toMatchObject({ costUusd: 0, costComplete: true });
  });
});

/** Plays episodes of so many calls each, one after the other. Returns how many until it stops, and why. */
function playedWithin(budget: Budget, episodes: readonly number[]) {
  const rule = new BudgetRule(budget);
  for (const [i, calls] of episodes.entries()) {
    const stop = rule.stopBeforeNext();
    if (stop !== null) return [i, stop.measure];
    rule.episodeStarted();
    rule.episodeEnded(totalsOf(Array.from({ length: calls }, () => attempt())));
  }
  return [episodes.length, null];
}

describe("a budget", () => {
  test.each<[Budget, readonly number[], readonly unknown[]]>([
    [{}, [9, 9, 9], [3, null]],
    [{ calls: 30 }, [10, 10, 10, 10], [3, "calls"]],
    [{ calls: 29 }, [10, 10, 10], [2, "calls"]],
    [{ tokens: 2000 }, [10, 10, 10], [2, "tokens"]],
    [{ costUusd: 250 }, [10, 10, 10], [2, "costUusd"]],
    [{ calls: 20 }, [1, 1, 1, 12, 1], [5, null]],
    [{ calls: 20 }, [1, 12, 1], [2, "calls"]],
    [{ calls: 0 }, [1], [0, "calls"]],
    [{ costUusd: 0 }, [1], [0, "costUusd"]],
  ])("%j for episodes of %j calls stops before number %j", (budget, episodes, expected) => {
    expect(playedWithin(budget, episodes)).toEqual(expected);
  });

  test("leaves room for the episodes that run", () => {
    const rule = new BudgetRule({ calls: 35 });
    rule.episodeStarted();
    rule.episodeEnded(totalsOf(Array.from({ length: 10 }, () => attempt())));
    rule.episodeStarted();
    expect(rule.stopBeforeNext()).toBeNull();
    rule.episodeStarted();
    expect(rule.stopBeforeNext()).toEqual({ measure: "calls", most: 35, used: 10, expected: 30 });
  });

  test("is used up by what is sent, also within an episode", async () => {
    const clock = new VirtualClock();
    const rule = new BudgetRule({ calls: 2 });
    const stop = (): string | null => (rule.isUsedUp ? "budget" : null);
    const options = { onAttempt: (one: CountedAttempt) => rule.callEnded(one) };
    const { model, starts } = scriptedModel(() => SERVER_ERROR, { clock, gate: { stop }, options });
    const work = model.forEpisode(null).complete(REQUEST, new AbortController().signal);
    await expect(clock.run(work)).rejects.toMatchObject({ class: "aborted", code: "budget" });
    expect(starts).toHaveLength(2);
  });

  test("of money needs a price for every model", () => {
    const [a, b] = ["a", "b"].map((name) => ({
      name,
      entry: ModelEntry.parse({ model: name, base_url: "https://h/v1" }),
    })) as [NamedModel, NamedModel];
    const prices = [{ model: "a", from: "2026-01-01", input: "0", output: "0" }];
    const now = Date.UTC(2026, 5);
    expect(() => assertPriced({ costUusd: 1 }, [a, b], prices, now)).toThrow(/price for b\./);
    expect(() => assertPriced({ costUusd: 1 }, [a], prices, now)).not.toThrow();
    expect(() => assertPriced({ calls: 1 }, [b], prices, now)).not.toThrow();
  });
});
