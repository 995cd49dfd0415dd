import { sampleAction } from "../../../env/contract/sample.ts";
import { actionDef } from "../../../env/core/actions/index.ts";
import { actionText } from "../../../env/core/actions/text.ts";
import { IncidentEnv } from "../../../env/core/env.ts";
import { rngFor } from "../../../env/core/rng.ts";
import type { Rng } from "../../../env/core/rng.ts";
import type { Task } from "../../../env/core/task.ts";
import { rewardsHash, trajectoryHash, trajectoryLine } from "../../../env/store/trajectory.ts";
import { coreSuite } from "../../../tasks/index.ts";

/** Hashes of twenty scripted episodes, half of the tasks. Run as a program it prints them as JSON. */
export function trajectoryHashes(): string[] {
  const env = new IncidentEnv(coreSuite);
  return coreSuite.tasks.filter((_, i) => i % 2 === 0).map((task, i) => hashOf(env, task, 7_919 * i));
}

function hashOf(env: IncidentEnv, task: Task, seed: number): string {
  const rng = rngFor(seed, "script", 0);
  const { observation } = env.reset({ seed, options: { task_id: task.id } });
  const lines = [trajectoryLine({ action: null, observation, terminated: false, truncated: false })];
  const rewards: number[] = [];
  while (env.running) {
    const action = nextAction(rng);
    const result = env.step(action);
    lines.push(trajectoryLine({ action, ...result }));
    rewards.push(result.reward);
  }
  return `${task.id} ${trajectoryHash(lines)} ${rewardsHash(rewards)}`;
}

/** Mostly sound actions, few of them closing, some as text, some none. */
function nextAction(rng: Rng): unknown {
  if (rng() < 0.1) return { type: "nonsense", draw: rng() };
  const action = sampleAction(rng);
  if (actionDef(action.type).kind === "close" && rng() < 0.8) return "check_status(cache)";
  return rng() < 0.3 ? actionText(action) : action;
}

if (process.argv[1] === import.meta.filename) process.stdout.write(JSON.stringify(trajectoryHashes()));
