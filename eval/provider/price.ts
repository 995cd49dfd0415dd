import { z } from "zod";
import type { Usage } from "./usage.ts";

/** Decimal digits of a price that count. */
const DIGITS = 9;
const SCALE = 10n ** BigInt(DIGITS);

/** US dollars per million tokens, as text: a binary fraction would not be exact. */
const Price = z
  .string()
  .regex(/^\d{1,6}(?:\.\d{1,9})?$/, 'expected US dollars per million tokens as text, such as "1.25"');

/** What a model costs from a day on, UTC. Prices that changed keep their old entry, so that old calls keep their cost. */
export const PriceEntry = z.strictObject({
  /** The provider's name for it. */
  model: z.string().min(1).max(200),
  from: z.iso.date("expected a day, such as 2026-11-01"),
  input: Price,
  /** Input read from a cache; the price of input when absent. */
  cached: Price.optional(),
  /** Input written to a cache; the price of input when absent. */
  cache_write: Price.optional(),
  /** Reasoning included. */
  output: Price,
});
export type PriceEntry = z.output<typeof PriceEntry>;

/** The entry that is valid for a call sent at that time (epoch milliseconds); null when there is none. */
export function priceAt(prices: readonly PriceEntry[], model: string, sentAt: number): PriceEntry | null {
  const day = new Date(sentAt).toISOString().slice(0, 10);
  const valid = prices.filter((entry) => entry.model === model && entry.from <= day);
  return valid.toSorted((a, b) => (a.from < b.from ? 1 : -1))[0] ?? null;
}

/**
 * What a call costs in millionths of a US dollar, rounded half to even.
 * @returns null when price or usage is unknown, which is not zero
 */
export function costUusd(price: PriceEntry | null, usage: Usage | null): number | null {
  if (price === null || usage === null) return null;
  const { inputTokens, cachedTokens, cacheWriteTokens, outputTokens } = usage;
  const plain = inputTokens - cachedTokens - cacheWriteTokens;
  const scaled =
    BigInt(plain) * scaledPrice(price.input) +
    BigInt(cachedTokens) * scaledPrice(price.cached ?? price.input) +
    BigInt(cacheWriteTokens) * scaledPrice(price.cache_write ?? price.input) +
    BigInt(outputTokens) * scaledPrice(price.output);
  return Number(halfEven(scaled));
}

/** Dollars per million tokens are millionths of a dollar per token. */
function scaledPrice(text: string): bigint {
  const [whole = "0", fraction = ""] = text.split(".");
  return BigInt(whole + fraction.padEnd(DIGITS, "0"));
}

/** A scaled, non-negative number rounded to a whole one. */
function halfEven(scaled: bigint): bigint {
  const floor = scaled / SCALE;
  const twice = (scaled % SCALE) * 2n;
  const up = twice > SCALE || (twice === SCALE && floor % 2n === 1n);
  return up ? floor + 1n : floor;
}
