import { z } from "zod";
import { DIFFICULTIES } from "../core/task.ts";
import type { Draft } from "./rows.ts";
import { flag, json, real, sha256Hex, share, text, whole } from "./values.ts";
import type { JsonObject } from "./values.ts";

/** What happened. Times are epoch milliseconds and come from the caller; durations are milliseconds. */

/** Outcomes that a statistic may count. The others say that nothing was measured. */
export const SCORED_OUTCOMES = ["success", "failure"] as const;
export const OUTCOMES = [
  ...SCORED_OUTCOMES,
  "provider_error",
  "harness_error",
  "cancelled",
  "budget_stop",
  "abandoned",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** How a scored episode came to its end: the first three by the environment, the others by the harness. */
export const TERMINAL_REASONS = [
  "resolved",
  "escalated",
  "step_budget",
  "context_exceeded",
  "token_limit",
  "invalid_streak",
  "time_limit",
  "agent_quit",
] as const;
export type TerminalReason = (typeof TERMINAL_REASONS)[number];

/** What is known of an attempt only at its end. */
const end = {
  terminalReason: z.enum(TERMINAL_REASONS).nullable(),
  errorClass: text.nullable(),
  errorDetail: text.nullable(),
  /** Null unless the outcome is a scored one. */
  score: share.nullable(),
  evidenceCoverage: share.nullable(),
  invalidActions: whole,
  repeatedActions: whole,
  changes: whole,
  wrongChanges: whole,
  distractorChanges: whole,
  prematureResolution: flag.nullable(),
  /** By name; a check that does not apply is absent. */
  checks: json<Readonly<Record<string, boolean>>>().nullable(),
  metrics: json<JsonObject>().nullable(),
  providerCalls: whole,
  providerFailures: whole,
  inputTokens: whole.nullable(),
  cachedTokens: whole.nullable(),
  outputTokens: whole.nullable(),
  reasoningTokens: whole.nullable(),
  /** Millionths of a US dollar. */
  costUusd: whole.nullable(),
  /** False when the cost of some call is unknown, so that the sum is a lower bound. */
  costComplete: flag,
  wallMs: whole.nullable(),
  /** Wall time less waiting. */
  workingMs: whole.nullable(),
  /** Gate, retries and pause. */
  waitingMs: whole.nullable(),
  finalStateSha256: sha256Hex.nullable(),
  trajectorySha256: sha256Hex.nullable(),
  logSha256: sha256Hex.nullable(),
};

/** One attempt at a slot. `outcome` and `endedAt` are null while it runs. */
export const EpisodeRecord = z.strictObject({
  episodeId: text,
  slotId: sha256Hex,
  /** Counts from 1. */
  attempt: whole,
  outcome: z.enum(OUTCOMES).nullable(),
  /** Whether the outcome is a scored one. Computed by the store. */
  scored: flag,
  /** How many steps are stored with it. */
  steps: whole,
  ...end,
  startedAt: whole,
  endedAt: whole.nullable(),
});
export type EpisodeRecord = z.output<typeof EpisodeRecord>;

/** The columns that the end of an attempt writes. */
export const EpisodeEnd = z
  .strictObject({ episodeId: text, outcome: z.enum(OUTCOMES), steps: whole, ...end, endedAt: whole })
  .refine(({ outcome, score }) => isScored(outcome) === (score !== null), {
    path: ["score"],
    message: "expected a number for a scored outcome, and none for any other",
  });
export type EpisodeEnd = z.output<typeof EpisodeEnd>;

/** One step, by `episodeId` and `step`. */
export const StepRecord = z.strictObject({
  episodeId: text,
  /** Place in the episode; no two the same. */
  step: whole,
  /** Any JSON value, as the agent sent it. */
  action: json<unknown>(),
  /** Hash of the raw reply that the action was read from. */
  rawSha256: sha256Hex.nullable(),
  valid: flag,
  invalidReason: text.nullable(),
  /** What the harness did to help the reply along. */
  assist: text.nullable(),
  /** Tool calls in the same reply that were not taken. */
  extraToolCalls: whole,
  reward: real,
  observationSha256: sha256Hex,
  info: json<JsonObject>().nullable(),
  at: whole,
});
export type StepRecord = z.output<typeof StepRecord>;
export type NewStep = Draft<Omit<StepRecord, "episodeId">>;

/** A finished attempt with its steps: what is committed at once or not at all. */
export type FinishedEpisode = Draft<Omit<EpisodeEnd, "steps">> & { readonly steps: readonly NewStep[] };

/** An episode with what it was an attempt at: what reports read. */
export const EpisodeEntry = z.strictObject({
  ...EpisodeRecord.shape,
  runId: text,
  variantId: sha256Hex,
  variantLabel: text,
  specHash: text,
  taskId: text,
  difficulty: z.enum(DIFFICULTIES),
  seed: whole,
  trial: whole,
  ordinal: whole,
  /** Whether it is the attempt that counts for its slot. */
  final: flag,
});
export type EpisodeEntry = z.output<typeof EpisodeEntry>;

/** Which episodes: all conditions given must hold. An empty list matches nothing. */
export interface EpisodeFilter {
  readonly episodeIds?: readonly string[];
  readonly runIds?: readonly string[];
  readonly variantLabels?: readonly string[];
  readonly taskIds?: readonly string[];
  /** `running`: no outcome yet. */
  readonly outcomes?: readonly (Outcome | "running")[];
  /** Only the attempt that counts for its slot. */
  readonly finalOnly?: boolean;
}

export const RUN_EVENT_TYPES = [
  "breaker_opened",
  "breaker_probe",
  "breaker_closed",
  "pause",
  "resume",
  "halt",
  "budget",
  "policy_changed",
  "targets_changed",
  "model_changed",
  "stale",
] as const;

/** Something that happened to a run as a whole. */
export const RunEventRecord = z.strictObject({
  runId: text,
  at: whole,
  type: z.enum(RUN_EVENT_TYPES),
  data: json<JsonObject>(),
});
export type RunEventRecord = z.output<typeof RunEventRecord>;

export const isScored = (outcome: Outcome): boolean => (SCORED_OUTCOMES as readonly string[]).includes(outcome);
