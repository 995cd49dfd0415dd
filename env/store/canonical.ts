import { createHash } from "node:crypto";

/** Nesting that an honest value never reaches; a cycle does. The wire allows 32. */
const MAX_DEPTH = 64;

/**
 * The one JSON text of a value: keys sorted by code unit, no white space, −0 as 0, numbers as ECMAScript prints them.
 * Equal values give equal bytes, so that hashes of them mean something.
 * A property that is `undefined` is left out, as JSON.stringify does.
 * Throws a TypeError naming the place for what JSON would change or lose: NaN, ±Infinity, lone surrogates, `undefined`
 * in an array, functions, bigints, symbols, class instances, cycles.
 */
export const canonicalJson = (value: unknown): string => write(value, "", 0);

/** Lower-case hexadecimal SHA-256 of the UTF-8 bytes of a text. */
export const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

function write(value: unknown, path: string, depth: number): string {
  if (depth > MAX_DEPTH) throw refusal("at most 64 levels of nesting", "more, or a cycle", path);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return quoted(value, path);
  if (typeof value === "object") return container(value, path, depth);
  if (typeof value !== "number") throw refusal("a JSON value", typeof value, path);
  if (!Number.isFinite(value)) throw refusal("a finite number", String(value), path);
  return JSON.stringify(value);
}

function container(value: object, path: string, depth: number): string {
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item, index) => write(item, `${path}[${index}]`, depth + 1)).join(",")}]`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refusal("a plain object", "a class instance", path);
  const members: string[] = [];
  for (const key of Object.keys(value).toSorted()) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    const place = path === "" ? key : `${path}.${key}`;
    members.push(`${quoted(key, place)}:${write(member, place, depth + 1)}`);
  }
  return `{${members.join(",")}}`;
}

function quoted(text: string, path: string): string {
  if (!text.isWellFormed()) throw refusal("well-formed Unicode", "a lone surrogate", path);
  return JSON.stringify(text);
}

const refusal = (expected: string, came: string, path: string) =>
  new TypeError(`${path === "" ? "" : `${path}: `}expected ${expected}, got ${came}`);
