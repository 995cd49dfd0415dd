import type { Observation } from "../../env/contract/index.ts";
import { readResult } from "./read-result.ts";

/**
 * Reads an observation back from its text: what a program sees that is told only what a language model is told. The text
 * gives times of day alone; where the day matters, the newest date that the text holds stands for it.
 */
export function readObservation(text: string): Observation {
  const [headline = "", page = "", missed = "", met = "", left = "", ...result] = text.split("\n");
  const [, time = "", action = null, message = ""] = HEADLINE.exec(headline) ?? [];
  const [, steps = "0", changes = "0"] = /^left: (-?\d+) steps, (-?\d+) changes$/.exec(left) ?? [];
  const invalid = message.startsWith(INVALID);
  return {
    incident_id: "",
    clock: { now: `${dayIn(text)}T${time}Z`, elapsed_s: 0 },
    alert: { severity: "page", summary: page.replace(/^PAGE \S+ \S+ /, ""), fired_at: "" },
    slo: [...objectives(missed, false), ...objectives(met, true)],
    steps_left: Number(steps),
    changes_left: Number(changes),
    last_action: action,
    result: { status: invalid ? "invalid" : "ok", message, data: invalid ? null : readResult(action ?? "", result) },
  };
}

/** `[04:04:56] inspect_logs(cache): 9 log lines from cache.` */
const HEADLINE = /^\[([\d:]+)\] (?:(\w+\(.*?\)): )?(.*)$/;
const INVALID = "invalid action: ";

/** `missed: availability_ratio 0.88 (>= 0.995), …` */
const objectives = (line: string, ok: boolean): Observation["slo"] =>
  [...line.matchAll(/(\w+) (\S+) \(.. (\S+?)\)/g)].map(([, name = "", current, objective]) => ({
    name,
    objective: Number(objective),
    current: Number(current),
    ok,
  }));

const SOME_DAY = "2031-01-01";
const dayIn = (text: string): string =>
  [...text.matchAll(/revision \d+, (\d{4}-\d\d-\d\d)T|: (\d{4}-\d\d-\d\d)T\S+ to /g)]
    .map(([, revision, issued]) => revision ?? issued ?? SOME_DAY)
    .toSorted()
    .at(-1) ?? SOME_DAY;
