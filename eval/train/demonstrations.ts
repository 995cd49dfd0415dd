import { Demonstrator } from "../../agents/rl/demonstrator.ts";
import type { Demonstrations } from "../../agents/rl/imitation.ts";
import { gatherRows, newRows, rowsBetween } from "../../agents/rl/rows.ts";
import type { PolicyRows } from "../../agents/rl/rows.ts";
import { layout } from "../../agents/rl/sight.ts";
import type { TrainSettings } from "../../agents/rl/settings.ts";
import { LAST_TRAINING_SEED } from "../../agents/rl/trainer.ts";
import { RunbookAgent } from "../../agents/runbook/runbook.ts";
import type { EnvClient } from "../../env/client/client.ts";
import { rngFor, wholeNumber } from "../../env/core/rng.ts";
import type { Task } from "../../env/core/task.ts";
import type { Clock } from "../clock.ts";
import { playEpisode } from "../episode.ts";

interface DemonstrationDeps {
  readonly client: EnvClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Lets the runbook agent, which sees observations alone, play training tasks under training seeds. */
export async function demonstrationsOf(
  tasks: readonly Task[],
  { seed, demonstrations, gamma }: TrainSettings,
  deps: DemonstrationDeps,
): Promise<Demonstrations> {
  const draw = rngFor(seed, "demonstrations", 0);
  const agent = new Demonstrator(new RunbookAgent());
  const rows: PolicyRows[] = [];
  const [taken, returns]: [number[], number[]] = [[], []];
  for (const task of tasks) {
    for (let i = 0; i < demonstrations; i += 1) {
      const request = { ...deps, agent, context: { rng: rngFor(seed, "agent", 0) }, taskId: task.id };
      const { steps } = await playEpisode({ ...request, seed: wholeNumber(draw, 0, LAST_TRAINING_SEED) });
      const ahead = discounted(
        steps.map(({ reward }) => reward),
        gamma,
      );
      agent.steps.forEach((step, at) => {
        if (step === null) return;
        rows.push(step.row);
        taken.push(step.taken);
        returns.push(ahead[at] as number);
      });
    }
  }
  return { rows: joined(rows), taken: Int32Array.from(taken), returns: Float32Array.from(returns) };
}

function discounted(rewards: readonly number[], gamma: number): number[] {
  let ahead = 0;
  return rewards
    .toReversed()
    .map((reward) => (ahead = reward + gamma * ahead))
    .toReversed();
}

function joined(parts: readonly PolicyRows[]): PolicyRows {
  const whole = newRows(layout, parts.length);
  parts.forEach((part, i) => gatherRows(part, [0], rowsBetween(whole, i, i + 1)));
  return whole;
}
