import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { costUusd, priceAt, PriceEntry } from "../../../eval/provider/price.ts";
import { readUsage } from "../../../eval/provider/usage.ts";
import type { Usage } from "../../../eval/provider/usage.ts";

const price = (changes: Partial<PriceEntry> = {}): PriceEntry =>
  PriceEntry.parse({ model: "m", from: "2026-11-01", input: "1.25", output: "10", ...changes });

const usage = (changes: Partial<Usage> = {}): Usage => ({
  inputTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: null,
  ...changes,
});

describe("a cost", () => {
  test.each<[string, Partial<PriceEntry>, Partial<Usage>, number]>([
    ["input and output", {}, { inputTokens: 1000, outputTokens: 500 }, 6250],
    ["cached input at its own price", { cached: "0.125" }, { inputTokens: 1000, cachedTokens: 800 }, 350],
    ["cached input without one at that of input", {}, { inputTokens: 1000, cachedTokens: 800 }, 1250],
    ["input written to a cache", { cache_write: "2" }, { inputTokens: 1000, cacheWriteTokens: 100 }, 1325],
    ["reasoning, which is inside the output", {}, { outputTokens: 10, reasoningTokens: 9 }, 100],
    ["a price of nothing", { input: "0", output: "0" }, { inputTokens: 9_999_999, outputTokens: 9 }, 0],
    ["half rounded down to even", { input: "0.5" }, { inputTokens: 1 }, 0],
    ["half rounded up to even", { input: "0.5" }, { inputTokens: 3 }, 2],
    ["just above half", { input: "0.500000001" }, { inputTokens: 1 }, 1],
    ["more than a binary fraction holds", { input: "0.1" }, { inputTokens: 30 }, 3],
  ])("is exact: %s", (_, prices, tokens, expected) => {
    expect(costUusd(price(prices), usage(tokens))).toBe(expected);
  });

  test("is unknown, not zero, without a price or without usage", () => {
    expect(costUusd(null, usage({ inputTokens: 1 }))).toBeNull();
    expect(costUusd(price(), null)).toBeNull();
  });

  test("is never negative, and within half a millionth of a dollar of the exact sum", () => {
    const count = fc.integer({ min: 0, max: 1_000_000_000 });
    const digits = fc.integer({ min: 0, max: 999_999_999 }).map((part) => String(part).padStart(9, "0"));
    fc.assert(
      fc.property(count, count, digits, digits, (inputTokens, outputTokens, input, output) => {
        const prices = price({ input: `3.${input}`, output: `0.${output}` });
        const cost = BigInt(costUusd(prices, usage({ inputTokens, outputTokens })) ?? -1);
        const exact = BigInt(inputTokens) * BigInt(`3${input}`) + BigInt(outputTokens) * BigInt(`0${output}`);
        const difference = cost * 1_000_000_000n - exact;
        expect(difference <= 500_000_000n && difference >= -500_000_000n && cost >= 0n).toBe(true);
      }),
    );
  });
});

describe("the price of a call", () => {
  const list = [
    price({ from: "2026-12-01", input: "3" }),
    price({ from: "2026-11-01", input: "2" }),
    price({ model: "other", from: "2020-01-01" }),
  ];

  test.each([
    ["before any", "2026-10-31T23:59:59.999Z", null],
    ["on the first day", "2026-11-01T00:00:00.000Z", "2"],
    ["on the day before a change", "2026-11-30T23:59:59.999Z", "2"],
    ["after it", "2027-01-01T00:00:00.000Z", "3"],
  ])("is the one valid when it was sent: %s", (_, at, input) => {
    expect(priceAt(list, "m", Date.parse(at))?.input ?? null).toBe(input);
  });

  test.each([["-1"], ["1e3"], ["1,5"], [" 1"], [""], ["0.0000000001"]])("%j is no price", (input) => {
    expect(PriceEntry.safeParse({ model: "m", from: "2026-11-01", input, output: "1" }).success).toBe(false);
  });
});

describe("usage", () => {
  test("is read with its parts", () => {
    const reported = {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 60, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 20 },
    };
    expect(readUsage(reported)).toEqual({
      inputTokens: 100,
      cachedTokens: 60,
      cacheWriteTokens: 0,
      outputTokens: 50,
      reasoningTokens: 20,
    });
  });

  test("counts reasoning as output where a server reports it beside", () => {
    const reported = {
      prompt_tokens: 100,
      completion_tokens: 5,
      total_tokens: 125,
      completion_tokens_details: { reasoning_tokens: 20 },
    };
    expect(readUsage(reported)).toMatchObject({ outputTokens: 25, reasoningTokens: 20 });
  });

  test.each([
    [undefined],
    [null],
    ["many"],
    [{}],
    [{ prompt_tokens: 1 }],
    [{ prompt_tokens: -1, completion_tokens: 1 }],
    [{ prompt_tokens: 1.5, completion_tokens: 1 }],
    [{ prompt_tokens: "1", completion_tokens: 1 }],
    [{ prompt_tokens: 1e300, completion_tokens: 1 }],
    [{ prompt_tokens: 5, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 6 } }],
    [{ prompt_tokens: 5, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 3, cache_write_tokens: 3 } }],
  ])("that is missing or impossible is missing: %j", (reported) => {
    expect(readUsage(reported)).toBeNull();
  });
});
