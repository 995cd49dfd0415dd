import { z } from "zod";
import { canonicalJson } from "./canonical.ts";

/**
 * How values become columns and come back, one codec per kind of column. All that is stored passes through here, since
 * SQLite would store NaN as NULL and return a lone surrogate as three replacement characters, both without a word.
 */

/** Any text that UTF-8 can hold, NUL and the empty text included. */
export const text = z
  .string()
  .refine((value) => value.isWellFormed(), "expected well-formed Unicode, got a lone surrogate");

/** A whole number ≥ 0 up to 2^53 − 1: counts, seeds, tokens, and times in epoch milliseconds. */
export const whole = z.int().min(0).overwrite(positiveZero);

/** Finite. −0 is stored as 0. */
export const real = z.number().overwrite(positiveZero);

/** Finite, in [0, 1]. */
export const share = z.number().min(0).max(1).overwrite(positiveZero);

/** 64 lower-case hexadecimal digits. */
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lower-case hexadecimal digits");

/** Something that happens to what `id` names, at a time in epoch milliseconds. */
export const Moment = z.strictObject({ id: text, at: whole });

/** Stored as 0 or 1. */
export const flag = z.codec(z.int().min(0).max(1), z.boolean(), {
  decode: (stored) => stored === 1,
  encode: (value) => (value ? 1 : 0),
});

const jsonCodec = z.codec(z.string(), z.unknown(), {
  decode: (stored): unknown => JSON.parse(stored),
  encode: (value, context) => {
    try {
      return canonicalJson(value);
    } catch (error) {
      context.issues.push({ code: "custom", message: (error as Error).message, input: value });
      return z.NEVER;
    }
  },
});

/** Canonical JSON text in a column whose name ends in `_json`. The type is the writer's promise, not checked again. */
export const json = <Value>() => jsonCodec as unknown as z.ZodCodec<z.ZodString, z.ZodType<Value>>;

/** Whether a field is stored as JSON, nullable or not. */
export const isJson = (field: z.ZodType): boolean =>
  (field instanceof z.ZodNullable ? field.unwrap() : field) === (jsonCodec as z.ZodType);

export type JsonObject = Readonly<Record<string, unknown>>;

function positiveZero(value: number): number {
  return value + 0;
}
