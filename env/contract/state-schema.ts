import { z } from "zod";
import { REWARD_MODES } from "../core/reward.ts";
import { DIFFICULTIES, SPLITS } from "../core/task.ts";

/**
 * Where the episode of a session stands. Control plane. Before the first reset only `episode_id`, null, and
 * `step_count`, 0. Further keys may come.
 */
export const StateSchema = z.looseObject({
  episode_id: z.string().nullable(),
  step_count: z.int().min(0).describe("0 after a reset, one more for every step, invalid ones included."),
  task_id: z.string().optional(),
  suite: z.string().optional(),
  split: z.enum(SPLITS).optional(),
  index: z.int().min(0).optional(),
  seed: z.int().min(0).optional(),
  difficulty: z.enum(DIFFICULTIES).optional(),
  reward_mode: z.enum(REWARD_MODES).optional(),
  env_version: z.string().optional(),
  scoring_version: z.string().optional(),
  elapsed_s: z.number().optional(),
  steps_left: z.int().optional(),
  changes_left: z.int().optional(),
  terminated: z.boolean().optional(),
  truncated: z.boolean().optional(),
  return: z.number().optional().describe("Sum of the rewards so far."),
  metrics: z.record(z.string(), z.number()).optional(),
  episode: z.looseObject({}).nullish().describe("The verdict, once the episode is over."),
});
export type EpisodeState = z.output<typeof StateSchema>;
