import { z } from "zod";
import { SERVICES } from "../core/topology.ts";

/** Schemas of what an agent sees. The core's types come first; a test holds both to each other. */

const Service = z.enum(SERVICES).describe("One of the five services.");
const Value = z.union([z.number(), z.boolean(), z.string()]).describe("A value of a configuration key.");
const Time = z.string().describe("Simulated time, ISO 8601.");

const Logs = z.strictObject({
  kind: z.literal("logs"),
  service: Service,
  lines: z.array(z.string()).max(12).describe("Oldest first."),
});

const Metrics = z.strictObject({
  kind: z.literal("metrics"),
  service: Service,
  columns: z.array(z.string()),
  rows: z.array(z.tuple([z.string(), z.string()], z.number())).describe("Name, unit, then one number per column."),
});

const Status = z.strictObject({
  kind: z.literal("status"),
  service: Service,
  state: z.enum(["up", "degraded", "down"]).describe("As the process itself reports; a saturated process is up."),
  uptime_s: z.number(),
  version: z.string(),
  address: z.string(),
  routes: z.array(z.string()),
  last_config_revision: z.number(),
  dependencies: z.array(z.strictObject({ service: z.string(), ping: z.enum(["ok", "failed"]), address: z.string() })),
});

const keyFields = { key: z.string(), value: Value, unit: z.string(), range: z.string() };

const Config = z.strictObject({
  kind: z.literal("config"),
  service: Service,
  keys: z.array(z.strictObject(keyFields)),
  inventory: z
    .array(z.strictObject({ id: z.string(), not_before: Time, not_after: Time, names: z.string() }))
    .optional()
    .describe("Certificates on hand."),
});

const ConfigHistory = z.strictObject({
  kind: z.literal("config_history"),
  service: Service,
  ...keyFields,
  revisions: z.array(z.strictObject({ revision: z.number(), at: Time, actor: z.string(), from: Value, to: Value })),
});

const Change = z.strictObject({ kind: z.literal("change"), service: Service, applied: z.string() });

const ResultSchema = z.strictObject({
  status: z.enum(["ok", "invalid", "closed"]),
  message: z.string().describe("One mechanical sentence."),
  data: z.discriminatedUnion("kind", [Logs, Metrics, Status, Config, ConfigHistory, Change]).nullable(),
});

/** What the agent sees, without the metadata that travels inside it. */
export const observationFields = {
  incident_id: z.string(),
  clock: z.strictObject({ now: Time, elapsed_s: z.number().describe("Simulated seconds since the page.") }),
  alert: z.strictObject({ severity: z.literal("page"), summary: z.string(), fired_at: Time }),
  slo: z.array(z.strictObject({ name: z.string(), objective: z.number(), current: z.number(), ok: z.boolean() })),
  steps_left: z.int(),
  changes_left: z.int(),
  last_action: z.string().nullable().describe("Canonical text of the last action."),
  result: ResultSchema,
  text: z.string().optional().describe("The same as text, at most 4 KiB of UTF-8."),
};

export const ObservationSchema = z.strictObject(observationFields);

/** Control plane, beside an observation. `info` inside of an observation is empty until the end. */
export const MetadataSchema = z.strictObject({
  terminated: z.boolean(),
  truncated: z.boolean(),
  info: z.record(z.string(), z.unknown()),
});
