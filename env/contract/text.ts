import type { Observation, SloReading } from "../core/observation.ts";
import { OBJECTIVES } from "../core/slo.ts";
import { resultLines } from "./result-text.ts";

/** Longest text of an observation, in bytes of UTF-8: trainers count every token. */
export const LONGEST_OBSERVATION_TEXT = 4096;

/**
 * An observation as text for a language model: what the last action gave, the page, the panel, what is left, and the
 * result. At most 4 KiB; a longer one loses whole lines from its end and says how many.
 */
export function observationText(observation: Observation): string {
  const { alert, slo, steps_left, changes_left, result } = observation;
  const text = [
    headline(observation),
    `PAGE ${dateAndTime(alert.fired_at)} ${alert.summary}`,
    `missed: ${listed(slo, false)}`,
    `met: ${listed(slo, true)}`,
    `left: ${steps_left} steps, ${changes_left} changes`,
    ...resultLines(result.data),
  ].join("\n");
  return clipped(text);
}

/** `[04:04:56] inspect_logs(cache): 9 log lines from cache.` */
function headline({ clock, last_action, result }: Observation): string {
  const action = last_action === null ? "" : `${last_action}: `;
  const refused = result.status === "invalid" ? "invalid action: " : "";
  return `[${timeOfDay(clock.now)}] ${action}${refused}${result.message}`;
}

const signs = new Map<string, string>(
  OBJECTIVES.map(({ name, direction }) => [name, direction === "at_least" ? ">=" : "<="]),
);

function listed(slo: readonly SloReading[], ok: boolean): string {
  let list = "";
  for (const { name, objective, current, ok: holds } of slo) {
    if (holds !== ok) continue;
    if (list !== "") list += ", ";
    list += `${name} ${current} (${signs.get(name) ?? ""} ${objective})`;
  }
  return list === "" ? "none" : list;
}

/** `2031-03-04 04:04:56` of an ISO time: histories and certificates are listed by date. */
const dateAndTime = (iso: string): string => `${iso.slice(0, 10)} ${timeOfDay(iso)}`;

/** `04:04:56` of an ISO time. */
const timeOfDay = (iso: string): string => iso.slice(11, 19);

const utf8 = new TextEncoder();
/** Written to measure a text, never read. */
const scratch = new Uint8Array(LONGEST_OBSERVATION_TEXT);

/** The text, or as many of its first lines as fit beside a note that says how many are missing. */
export function clipped(text: string): string {
  if (utf8.encodeInto(text, scratch).read === text.length) return text;
  const lines = text.split("\n");
  const kept: string[] = [];
  let room = LONGEST_OBSERVATION_TEXT - note(lines.length).length;
  for (const line of lines) {
    room -= utf8.encode(line).length + 1;
    if (room < 0) break;
    kept.push(line);
  }
  return [...kept, note(lines.length - kept.length)].join("\n");
}

const note = (missing: number): string => `(${missing} more lines are left out)`;
