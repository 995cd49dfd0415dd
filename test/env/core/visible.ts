import type { Observation } from "../../../env/core/observation.ts";
import { logConditions } from "../../../env/core/telemetry/logs.ts";

/** Every field that an agent may be shown, by the kind of result; a new one is added here on purpose or not at all. */
const DATA: Readonly<Record<string, readonly string[]>> = {
  logs: ["lines"],
  metrics: ["columns", "rows"],
  status: [
    ..."state uptime_s version address routes last_config_revision dependencies".split(" "),
    ..."dependencies.service dependencies.ping dependencies.address".split(" "),
  ],
  config: [
    ..."keys keys.key keys.value keys.unit keys.range".split(" "),
    ..."inventory inventory.id inventory.not_before inventory.not_after inventory.names".split(" "),
  ],
  config_history: [
    ..."key value unit range revisions".split(" "),
    ..."revisions.revision revisions.at revisions.actor revisions.from revisions.to".split(" "),
  ],
  change: ["applied"],
};

const FRAME = [
  ..."incident_id clock clock.now clock.elapsed_s alert alert.severity alert.summary alert.fired_at".split(" "),
  ..."slo slo.name slo.objective slo.current slo.ok steps_left changes_left last_action".split(" "),
  ..."result result.status result.message result.data".split(" "),
];

const allowed = new Map(
  ["none", ...Object.keys(DATA)].map((kind) => {
    const data = kind === "none" ? [] : ["kind", "service", ...(DATA[kind] ?? [])];
    return [kind, new Set([...FRAME, ...data.map((path) => `result.data.${path}`)])] as const;
  }),
);

/** Fields of an observation that are not on the list. */
export function unexpectedFields(observation: Observation): string[] {
  const fields = allowed.get(observation.result.data?.kind ?? "none");
  return pathsIn(observation, "").filter((path) => fields?.has(path) !== true);
}

/** Names of fields with those that they are in; items of a list are in the list. */
function pathsIn(value: unknown, at: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => pathsIn(item, at));
  return Object.entries(value).flatMap(([key, inside]) => {
    const path = at === "" ? key : `${at}.${key}`;
    return [path, ...pathsIn(inside, path)];
  });
}

const conditionCodes = Object.values(logConditions).flatMap((conditions) => conditions.map(({ code }) => code));

/** Words of those who judge, task ids, and the names of log conditions, which no line carries. */
const secrets = new RegExp(
  `\\b(?:${[
    "siblings?|root[ _]causes?|(?:in)?correct(?:ly)?|distractors?|noise|evidence|envelopes?",
    "guards?|scores?|rewards?|inc-\\d+|easy|medium|hard",
    ...conditionCodes.filter((code) => code.includes("_")),
  ].join("|")})\\b`,
  "i",
);

/** A word in a text that an agent must not read; null when there is none. */
export const secretIn = (text: string): string | null => secrets.exec(text)?.[0] ?? null;
