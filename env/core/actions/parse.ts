import type { z } from "zod";
import { didYouMean } from "../suggest.ts";
import { ACTION_TYPES, actionDef, isActionType } from "./index.ts";
import type { Action, ActionType } from "./index.ts";
import { readTextForm, shorten, unknownType } from "./text.ts";

export type Parsed =
  | { readonly ok: true; readonly action: Action }
  /** `type` where at least that was understood. */
  | { readonly ok: false; readonly reason: string; readonly type?: ActionType };

/** Keys that clients add beside an action and that mean nothing here. */
const DROPPED = "metadata";

/**
 * Reads any value as an action: the flat JSON form, or the text form as a string. An object whose `type` is none of
 * the eight is tried as text too, because some clients wrap a model's whole answer that way.
 */
export function parseAction(input: unknown): Parsed {
  if (typeof input === "string") return parseText(input);
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    return refuse(`Expected an action such as {"type":"inspect_logs","service":"cache"}, got ${nameOf(input)}.`);
  }
  const type = Object.hasOwn(input, "type") ? (input as { type: unknown }).type : undefined;
  if (typeof type !== "string") return refuse(`An action needs a "type": one of ${ACTION_TYPES.join(", ")}.`);
  if (!isActionType(type)) {
    const text = parseText(type);
    return text.ok ? text : refuse(unknownType(type));
  }
  return parseFields(type, input as Record<string, unknown>);
}

function parseText(text: string): Parsed {
  const form = readTextForm(text);
  return form.ok ? parseFields(form.type, form.fields) : form;
}

/** Checks the fields of an action of a known type. */
function parseFields(type: Action["type"], fields: Record<string, unknown>): Parsed {
  const own: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) if (key !== DROPPED && key !== "__proto__") own[key] = fields[key];
  if (Object.hasOwn(fields, "__proto__")) return refuse(`${type}: unexpected field "__proto__".`);
  const parsed = actionDef(type).schema.safeParse(own);
  return parsed.success
    ? { ok: true, action: parsed.data as Action }
    : { ok: false, type, reason: `${type}: ${describe(parsed.error, own)}` };
}

const refuse = (reason: string): Parsed => ({ ok: false, reason });

/** The first thing that is wrong: what was expected, what came, what to try. */
function describe(error: z.ZodError, fields: Record<string, unknown>): string {
  const issue = error.issues[0];
  if (issue === undefined) return "not understood.";
  if (issue.code === "unrecognized_keys") return `unexpected field "${shorten(issue.keys[0] ?? "")}".`;
  const field = String(issue.path[0] ?? "");
  if (!Object.hasOwn(fields, field)) return `"${field}" is missing.`;
  const value = fields[field];
  if (issue.code === "invalid_value") {
    const expected = issue.values.map(String);
    const hint = typeof value === "string" ? didYouMean(value, expected) : "";
    return `${field}: expected one of ${expected.join(", ")}, got ${nameOf(value)}.${hint}`;
  }
  if (issue.code === "too_big") return `${field}: longer than ${String(issue.maximum)} characters.`;
  if (issue.code === "too_small") return `${field}: expected some text.`;
  if (issue.code === "invalid_union")
    return `${field}: expected a number, true, false or a name, got ${nameOf(value)}.`;
  return `${field}: ${issue.message}, got ${nameOf(value)}.`;
}

/** A value in an error sentence, cut short. */
function nameOf(value: unknown): string {
  if (typeof value === "string") return `"${shorten(value)}"`;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null || value === undefined) return "nothing";
  return Array.isArray(value) ? "a list" : "an object";
}
