import { HIDDEN } from "./secret.ts";
import type { Secret } from "./secret.ts";

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

/** A shorter secret (`none`, `EMPTY`) is a placeholder, and would be found in ordinary words. */
const SHORTEST = 8;

/** How much of the beginning of a key gives it away when the rest is masked or cut off. */
const PREFIX = 12;

/**
 * The last line of defence over everything that is written. Finds each secret as it is, URL-encoded, in hexadecimal,
 * in Base64 whatever stands before it, and cut off after its first twelve characters.
 */
export function redactor(secrets: readonly Secret[]): Redact {
  const values = secrets.map((secret) => secret.reveal()).filter((value) => value.length >= SHORTEST);
  const patterns = values.flatMap(formsOf).toSorted((a, b) => b.length - a.length);
  if (patterns.length === 0) return (text) => text;
  const any = new RegExp(patterns.map(escaped).join("|"), "gi");
  return (text) => text.replace(any, HIDDEN);
}

/** Every string within a value redacted, keys of objects included. What is no plain data stays as it is. */
export const redactDeep = <Value>(value: Value, redact: Redact): Value => redacted(value, redact, 0) as Value;

/** Deeper values cannot be stored. */
const MAX_DEPTH = 64;

function redacted(value: unknown, redact: Redact, depth: number): unknown {
  if (typeof value === "string") return redact(value);
  if (value === null || typeof value !== "object" || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => redacted(item, redact, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const entries = Object.entries(value).map(([key, member]) => [redact(key), redacted(member, redact, depth + 1)]);
  return Object.fromEntries(entries) as unknown;
}

function formsOf(value: string): string[] {
  const forms = [value, encodeURIComponent(value), Buffer.from(value).toString("hex"), ...base64FormsOf(value)];
  return value.length > PREFIX ? [...forms, value.slice(0, PREFIX)] : forms;
}

/** The digits that a secret always has in Base64, at each of the three places it may start within a group. */
function base64FormsOf(value: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor((bytes.length * 8) / 6);
    return (["base64", "base64url"] as const).map((encoding) => bytes.toString(encoding).slice(first, last));
  });
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
