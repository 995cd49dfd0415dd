import { callAction } from "./call.ts";
import { isKnown, nothing, reading } from "./reading.ts";
import type { Reading } from "./reading.ts";
import { closing, stickyMatch } from "./scan.ts";

/** More than any reply needs; of a longer one its end is read. */
const LONGEST_TEXT = 262_144;
/** Attempts at an action that are looked at, so that a text of nothing else costs little. */
const MOST_ATTEMPTS = 64;

/**
 * Reads the one action that a text states: a JSON object, or the text form. After a line that begins with `Action:` it
 * is what follows; otherwise it stands on a line of its own, so that a service that is merely talked about is not
 * restarted. Of several the first complete one counts. A missing argument is never made up.
 */
export function readActionText(text: string): Reading {
  const spoken = withoutThoughts(text).slice(-LONGEST_TEXT);
  const markers = [...spoken.matchAll(MARKER)].map(({ index, 0: { length } }) => index + length);
  const attempts = markers.length > 0 ? behindMarkers(spoken, markers) : onLines(spoken);
  const [first, ...others] = attempts.filter(({ action }) => action !== null);
  return first === undefined ? (attempts[0] ?? nothing("unparseable")) : { ...first, extraCalls: others.length };
}

/** Without inline reasoning. The opening tag may have been part of the prompt, the closing one may be missing. */
function withoutThoughts(text: string): string {
  const end = Math.max(...THOUGHT_ENDS.map((tag) => text.lastIndexOf(tag)));
  const spoken = end < 0 ? text : text.slice(text.indexOf(">", end) + 1);
  const start = spoken.search(/<think(?:ing)?>/);
  return start < 0 ? spoken : spoken.slice(0, start);
}
const THOUGHT_ENDS = ["</think>", "</thinking>"];

/** `Action:`, however it is decorated. */
const MARKER = /^[ \t*#>`_-]*action[ \t*_`]*:[*_]*/gim;
/** What may stand before an action: emphasis, quotes of code, a fence with its language, tags around calls. No bullet. */
const DECORATION = /(?:\s|```\w*[ \t]*\n|[`>]|\*+(?!\s)|<tool_call>)*(?:json\s+(?=\{))?/y;

const behindMarkers = (text: string, markers: readonly number[]): Reading[] =>
  markers
    .slice(0, MOST_ATTEMPTS)
    .map((at) => attemptAt(text, afterDecoration(text, at), false)?.reading ?? nothing("unparseable"));

function onLines(text: string): Reading[] {
  const readings: Reading[] = [];
  let at = 0;
  while (readings.length < MOST_ATTEMPTS) {
    const start = afterDecoration(text, at);
    const attempt = attemptAt(text, start, true);
    if (attempt !== null) readings.push(attempt.reading);
    at = text.indexOf("\n", attempt?.end ?? start) + 1;
    if (at === 0) break;
  }
  return readings;
}

const afterDecoration = (text: string, at: number): number => at + (stickyMatch(DECORATION, text, at)?.[0].length ?? 0);

/** An attempt at an action, and where it ends. */
interface Attempt {
  readonly reading: Reading;
  readonly end: number;
}

/**
 * The attempt that begins at a place; null when none does.
 * @param alone whether nothing else may stand on its line
 */
const attemptAt = (text: string, start: number, alone: boolean): Attempt | null =>
  text[start] === "{" ? jsonAt(text, start) : formAt(text, start, alone);

function jsonAt(text: string, start: number): Attempt {
  const end = closing(text, start, "{}");
  if (end === null) return { reading: nothing("bad_json"), end: text.length };
  return { reading: objectAction(text.slice(start, end)), end };
}

/** `{"type": …}`, or a call written out: `{"name": …, "arguments": …}`. */
function objectAction(json: string): Reading {
  let value: Readonly<Record<string, unknown>>;
  try {
    value = JSON.parse(json) as Readonly<Record<string, unknown>>;
  } catch {
    return nothing("bad_json");
  }
  const { type, name, arguments: given, parameters } = value;
  if (typeof name === "string") return callAction(name, given ?? parameters);
  return typeof type === "string" ? callAction(type, value) : { action: value, reason: "schema", extraCalls: 0 };
}

/** A name and an opening bracket, with a namespace that some models put before it. */
const FORM = /(?:[\w-]+[.:/])*(\w+)[ \t]*\(/y;
const REST_OF_LINE = /[^\n]*/y;

function formAt(text: string, start: number, alone: boolean): Attempt | null {
  const [head, name = ""] = stickyMatch(FORM, text, start) ?? [];
  if (head === undefined || (alone && !isKnown(name))) return null;
  const open = start + head.length - 1;
  const end = closing(text, open, "()") ?? lastBracketOfLine(text, open);
  if (end === null) return { reading: nothing("unparseable"), end: open };
  const after = stickyMatch(REST_OF_LINE, text, end)?.[0] ?? "";
  if (alone && /[^\s`*.;]/.test(after)) return null;
  return { reading: reading(name + text.slice(open, end)), end };
}

/** Free text may hold a quote mark that no other one closes. */
function lastBracketOfLine(text: string, open: number): number | null {
  const last = (stickyMatch(REST_OF_LINE, text, open)?.[0] ?? "").lastIndexOf(")");
  return last < 0 ? null : open + last + 1;
}
