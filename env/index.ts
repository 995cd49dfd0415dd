/** The environment's public surface: what a program that plays or trains in process needs. */

// Play.
export { IncidentEnv } from "./core/env.ts";
export type { ResetInfo, ResetOptions } from "./core/env.ts";
export type { StepInfo, StepResult } from "./core/episode.ts";
export { EnvError } from "./core/errors.ts";
export type { ActionResult, Observation, SloReading } from "./core/observation.ts";
export { REWARD_MODES } from "./core/reward.ts";
export type { RewardMode } from "./core/reward.ts";
export type { Verdict } from "./core/verdict.ts";

// Actions.
export { Action, ACTION_TYPES, catalogue } from "./core/actions/index.ts";
export type { ActionInput, ActionType } from "./core/actions/index.ts";
export { actionText } from "./core/actions/text.ts";
export { sampleAction } from "./contract/sample.ts";
export { observationText } from "./contract/text.ts";

// Tasks.
export { defineTask } from "./core/task.ts";
export type { Suite, Task, TaskInput } from "./core/task.ts";

// Clients.
export type { EnvClient } from "./client/client.ts";
export { localClient } from "./client/local.ts";
export { connectSocket } from "./client/socket.ts";
export { connectVector } from "./client/vector.ts";

// Versions.
export { ENV_VERSION, SCORING_VERSION } from "./core/version.ts";

// Many episodes at once.
export { AUTORESETS, ENDINGS, FLAGS, makeVectorEnv, NO_STEP, vectorSpec } from "./vector/index.ts";
export type {
  Autoreset,
  EndedRecord,
  VectorAction,
  VectorBatch,
  VectorEnv,
  VectorOptions,
  VectorReset,
  VectorSpec,
} from "./vector/index.ts";
