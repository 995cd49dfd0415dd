import { didYouMean } from "../suggest.ts";
import { LONGEST_TEXT } from "./define.ts";
import { ACTION_TYPES, actionDef, isActionType } from "./index.ts";
import type { Action, ActionType } from "./index.ts";

/** An action's type and its fields as written, not yet checked; or why the text is none. */
export type TextForm =
  | { readonly ok: true; readonly type: ActionType; readonly fields: Record<string, unknown> }
  | { readonly ok: false; readonly reason: string };

/**
 * Reads the text form: `update_config(cache, ttl_s, 300)`. Arguments stand in the order of the catalogue or are named
 * (`key=ttl_s`); text that contains commas, brackets or quotes, or reads like a number, is quoted as in JSON. The last
 * argument takes everything that is left, so that free text needs no quotes.
 */
export function readTextForm(text: string): TextForm {
  if (text.length > LONGEST_TEXT) return { ok: false, reason: `Longer than ${LONGEST_TEXT} characters.` };
  const open = text.indexOf("(");
  const name = (open < 0 ? text : text.slice(0, open)).trim();
  if (!isActionType(name)) return { ok: false, reason: unknownType(name) };
  const rest = open < 0 ? "" : text.slice(open + 1).trimEnd();
  if (open < 0 || !rest.endsWith(")")) {
    return { ok: false, reason: `${name}: expected ${usage(name)}.` };
  }
  const names = Object.keys(actionDef(name).args);
  const parts = splitArguments(rest.slice(0, -1), names.length);
  if (parts.length > names.length) {
    return { ok: false, reason: `${name}: expected at most ${names.length} arguments, got ${parts.length}.` };
  }
  const fields: Record<string, unknown> = { type: name };
  for (const [i, part] of parts.entries()) {
    const named = /^([a-z_]+)\s*=\s*(.*)$/s.exec(part);
    const isNamed = named !== null && names.includes(named[1] as string);
    fields[(isNamed ? named[1] : names[i]) as string] = readValue(isNamed ? (named[2] as string) : part);
  }
  return { ok: true, type: name, fields };
}

export const unknownType = (type: string): string =>
  `Unknown action "${shorten(type)}".${didYouMean(type, ACTION_TYPES)} Actions: ${ACTION_TYPES.join(", ")}.`;

// oxlint-disable-next-line no-control-regex -- these characters are what it is about
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f]/g;

/** Text from outside, made printable and cut short for an error sentence. */
export function shorten(text: string): string {
  const printable = text.slice(0, 60).toWellFormed().replace(UNPRINTABLE, "?");
  return text.length > 60 ? `${printable}…` : printable;
}

/** `update_config(service, key, value)` */
export const usage = (type: Action["type"]): string =>
  `${type}(${Object.entries(actionDef(type).args)
    .map(([name, schema]) => ((schema as { isOptional?: () => boolean }).isOptional?.() ? `${name}?` : name))
    .join(", ")})`;

/** Canonical text of an action; `readTextForm` reads it back. */
export function actionText(action: Action): string {
  const fields = action as Readonly<Record<string, unknown>>;
  const values = Object.keys(actionDef(action.type).args)
    .filter((name) => fields[name] !== undefined)
    .map((name) => writeValue(fields[name]));
  return `${action.type}(${values.join(", ")})`;
}

/** Splits at commas outside of quotes, into at most `most` parts. */
function splitArguments(text: string, most: number): string[] {
  if (text.trim() === "") return [];
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length && parts.length < most - 1; i += 1) {
    if (text[i] === "\\" && quoted) i += 1;
    else if (text[i] === '"') quoted = !quoted;
    else if (text[i] === "," && !quoted) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts;
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const BARE = /^[A-Za-z0-9_.:/-]+$/;

function readValue(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  if (NUMBER.test(text)) return Number(text);
  if (!text.startsWith('"')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function writeValue(value: unknown): string {
  if (typeof value !== "string") return String(value);
  const plain = BARE.test(value) && !NUMBER.test(value) && value !== "true" && value !== "false";
  return plain ? value : JSON.stringify(value);
}
