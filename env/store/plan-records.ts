import { z } from "zod";
import { DIFFICULTIES } from "../core/task.ts";
import type { Draft } from "./rows.ts";
import { flag, json, sha256Hex, text, whole } from "./values.ts";
import type { JsonObject } from "./values.ts";

/** What is to be played, and by whom. Times are epoch milliseconds and come from the caller. */

/** A versioned set of tasks. `suite` and `version` are the key. */
export const SuiteRecord = z.strictObject({
  suite: text,
  version: text,
  manifest: json<JsonObject>(),
  manifestSha256: sha256Hex,
  envVersion: text,
  scoringVersion: text,
  frozenAt: whole.nullable(),
});
export type SuiteRecord = z.output<typeof SuiteRecord>;
export type NewSuite = Draft<SuiteRecord>;

/** One definition of one task. `specHash` is the key; it is the hash that the suite's manifest has. */
export const TaskSpecRecord = z.strictObject({
  specHash: text,
  suite: text,
  taskId: text,
  specVersion: whole,
  difficulty: z.enum(DIFFICULTIES),
  spec: json<JsonObject>(),
});
export type TaskSpecRecord = z.output<typeof TaskSpecRecord>;

export const VARIANT_KINDS = [
  "random",
  "runbook",
  "expert",
  "probe",
  "llm",
  "rl",
  "command",
  "human",
  "external",
] as const;
export type VariantKind = (typeof VARIANT_KINDS)[number];

/** Who plays: harness × model × engine × hardware. Two that differ in any field are never pooled. */
export const VariantRecord = z.strictObject({
  variantId: sha256Hex,
  /** What tables and filters call it. */
  label: text,
  kind: z.enum(VARIANT_KINDS),
  harness: text,
  harnessVersion: text,
  promptSha256: sha256Hex.nullable(),
  /** Whether its prompts held more than the environment says. */
  assisted: flag,
  model: text.nullable(),
  modelVersion: text.nullable(),
  provider: text.nullable(),
  /** Host only: a path or a query may hold a secret. */
  baseUrlHost: text.nullable(),
  engineName: text.nullable(),
  engineVersion: text.nullable(),
  hardware: text.nullable(),
  quantization: text.nullable(),
  contextTokens: whole.nullable(),
  deployment: text.nullable(),
  /** Temperature, limits, reasoning mode. */
  sampling: json<JsonObject>(),
});
export type VariantRecord = z.output<typeof VariantRecord>;
/** All but the id, which is its hash: `variantId(identity)`. */
export type VariantIdentity = Draft<Omit<VariantRecord, "variantId">>;

export const RUN_STATUSES = [
  "planned",
  "running",
  "paused",
  "halted",
  "budget_stopped",
  "cancelled",
  "failed",
  "complete",
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** How a run stops, and when. */
export const RunStop = z.strictObject({
  status: z.enum(RUN_STATUSES).exclude(["planned", "running"]),
  at: whole,
  reason: text.nullable(),
});
export type RunStop = Draft<z.output<typeof RunStop>>;

/** The process that plays a run. */
export const RunOwner = z.strictObject({
  /** Of this process alone. */
  token: text,
  pid: whole,
  host: text,
  /** Of the machine since it was started: a process id means nothing after another. */
  bootId: text,
  /** When the process was started, as its system says: a process id may be used again. */
  startedAt: text.nullable(),
});
export type RunOwner = z.output<typeof RunOwner>;

/** What changes of a run when more is planned for it. */
export const RunAmendment = z.strictObject({ filter: json<JsonObject>(), trials: whole, fingerprint: text });
export type RunAmendment = z.output<typeof RunAmendment>;

/** One launch of agents × tasks × trials. */
export const RunRecord = z.strictObject({
  /** `YYYYMMDD-HHMMSS-xxxx` */
  runId: text,
  name: text.nullable(),
  status: z.enum(RUN_STATUSES),
  /** Why it stopped. */
  reason: text.nullable(),
  createdAt: whole,
  startedAt: whole.nullable(),
  /** Null while it runs, and while it is paused. */
  endedAt: whole.nullable(),
  suite: text,
  suiteVersion: text,
  split: text.nullable(),
  /** Which tasks and agents were asked for. */
  filter: json<JsonObject>(),
  trials: whole,
  baseSeed: whole,
  saltSha256: sha256Hex.nullable(),
  /** Hash of all that decides what is played; a resumed run must have the same. */
  fingerprint: text,
  config: json<JsonObject>(),
  policy: json<JsonObject>(),
  prices: json<readonly unknown[]>(),
  /** Environment, scoring, Node, SQLite and the like, by name. */
  versions: json<JsonObject>(),
  gitCommit: text.nullable(),
  gitDirty: flag.nullable(),
  /** Process, host and boot that hold the run. */
  owner: json<RunOwner>().nullable(),
  heartbeatAt: whole.nullable(),
});
export type RunRecord = z.output<typeof RunRecord>;
/** A run as planned; the store keeps the rest up to date. */
export type NewRun = Draft<Omit<RunRecord, "status" | "reason" | "startedAt" | "endedAt" | "owner" | "heartbeatAt">>;

export const SLOT_STATES = ["pending", "running", "scored", "unscored"] as const;
export type SlotState = (typeof SLOT_STATES)[number];

/** One episode to be had: a variant on a (task, seed). Attempts at it are episodes. */
export const SlotRecord = z.strictObject({
  slotId: sha256Hex,
  runId: text,
  variantId: sha256Hex,
  specHash: text,
  seed: whole,
  /** Counts from 0. */
  trial: whole,
  /** Place in the order of play. */
  ordinal: whole,
  state: z.enum(SLOT_STATES),
  attempts: whole,
  /** The attempt that counts; null before the first has ended. */
  finalEpisodeId: text.nullable(),
});
export type SlotRecord = z.output<typeof SlotRecord>;
/** All but what the store derives and keeps up to date. */
export type NewSlot = Omit<SlotRecord, "slotId" | "runId" | "state" | "attempts" | "finalEpisodeId">;
