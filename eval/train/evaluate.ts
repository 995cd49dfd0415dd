import { RlAgent } from "../../agents/rl/agent.ts";
import type { Policy } from "../../agents/rl/policy.ts";
import type { EnvClient } from "../../env/client/client.ts";
import { rngFor } from "../../env/core/rng.ts";
import type { Task } from "../../env/core/task.ts";
import type { Clock } from "../clock.ts";
import { playEpisode } from "../episode.ts";
import { evaluationSeed } from "../seeds.ts";
import type { Evaluation } from "./curve.ts";

/** Keeps these seeds apart from those of the leaderboard: the best checkpoint is chosen by them. */
const SALT = "training";

export interface EvaluationPlan {
  readonly tasks: readonly Task[];
  /** Episodes of each task. */
  readonly trials: number;
  readonly baseSeed: number;
}

/** Plays the policy through the harness, as it will be played for the leaderboard. */
export async function evaluate(
  policy: Policy,
  { tasks, trials, baseSeed }: EvaluationPlan,
  { client, clock, signal }: { readonly client: EnvClient; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Evaluation> {
  const agent = new RlAgent(() => Promise.resolve(policy));
  const total = { score: 0, success: 0, evidence: 0 };
  for (const task of tasks) {
    for (let trial = 0; trial < trials; trial += 1) {
      const seed = evaluationSeed({ salt: SALT, baseSeed, taskId: task.id, specVersion: task.spec_version, trial });
      const context = { rng: rngFor(seed, "agent", 0) };
      const { verdict } = await playEpisode({ client, agent, context, taskId: task.id, seed, clock, signal });
      total.score += verdict.score;
      total.success += verdict.success ? 1 : 0;
      total.evidence += verdict.parts.coverage;
    }
  }
  const episodes = tasks.length * trials;
  return { score: total.score / episodes, success: total.success / episodes, evidence: total.evidence / episodes };
}
