import type { Agent, Reference } from "../../agents/agent.ts";
import { ExpertAgent } from "../../agents/expert.ts";
import { localClient } from "../../env/client/local.ts";
import { initial } from "../../env/core/initial.ts";
import { rngFor } from "../../env/core/rng.ts";
import type { Suite, Task } from "../../env/core/task.ts";
import { systemClock } from "../clock.ts";
import { playEpisode } from "../episode.ts";
import type { ReferenceEpisode } from "./frozen.ts";
import { TourAgent } from "./tour.ts";

/** Seeds that are recorded for each cause of a task. */
const SEEDS_PER_CAUSE = 2;
const MOST_SEEDS = 1000;

/** Plays a task's reference trajectories: the expert and a tour of everything, each cause at several seeds. */
export async function recordTask(
  suite: Suite,
  task: Task,
  referenceFor: (task: Task, seed: number) => Reference,
): Promise<ReferenceEpisode[]> {
  const episodes: ReferenceEpisode[] = [];
  for (const seed of seedsFor(task)) {
    episodes.push(await record(suite, task, seed, "expert", new ExpertAgent(), referenceFor(task, seed)));
    episodes.push(await record(suite, task, seed, "tour", new TourAgent(seed)));
  }
  return episodes;
}

/** Plays a recorded trajectory's actions once more. */
export const replayEpisode = (suite: Suite, task: Task, { seed, policy, actions }: ReferenceEpisode) =>
  record(suite, task, seed, policy, new ScriptedAgent(actions));

/** The first seeds in which each cause of a task comes up often enough. */
function seedsFor(task: Task): number[] {
  const counts = task.siblings.map(() => 0);
  const seeds: number[] = [];
  for (let seed = 0; seed < MOST_SEEDS && counts.some((count) => count < SEEDS_PER_CAUSE); seed += 1) {
    const { siblingIndex } = initial(task, seed).instance;
    const count = counts[siblingIndex] ?? 0;
    if (count >= SEEDS_PER_CAUSE) continue;
    counts[siblingIndex] = count + 1;
    seeds.push(seed);
  }
  return seeds;
}

async function record(
  suite: Suite,
  task: Task,
  seed: number,
  policy: ReferenceEpisode["policy"],
  agent: Agent,
  reference?: Reference,
): Promise<ReferenceEpisode> {
  const { steps, trajectorySha256, rewardsSha256 } = await playEpisode({
    client: localClient(suite),
    agent,
    context: { rng: rngFor(seed, policy, 0), ...(reference === undefined ? {} : { reference }) },
    taskId: task.id,
    seed,
    clock: systemClock,
    signal: new AbortController().signal,
  });
  return {
    policy,
    seed,
    actions: steps.map(({ action }) => String(action)),
    trajectory_sha256: trajectorySha256,
    rewards_sha256: rewardsSha256,
  };
}

/** Plays a fixed list of actions; past its end it repeats the last, so that a changed budget shows in the trajectory. */
class ScriptedAgent implements Agent {
  readonly #actions: readonly string[];
  #next = 0;

  constructor(actions: readonly string[]) {
    this.#actions = actions;
  }

  begin(): void {}

  act() {
    const action = this.#actions[Math.min(this.#next, this.#actions.length - 1)] ?? "";
    this.#next += 1;
    return Promise.resolve({ action });
  }
}
