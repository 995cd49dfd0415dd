import type { Agent, AgentContext, Turn } from "../agents/agent.ts";
import { ExpertAgent } from "../agents/expert.ts";
import { localClient } from "../env/client/local.ts";
import type { Observation, Rng } from "../env/contract/index.ts";
import { IncidentEnv } from "../env/core/env.ts";
import { initial } from "../env/core/initial.ts";
import { rngFor } from "../env/core/rng.ts";
import type { Sibling, Suite, Task } from "../env/core/task.ts";
import { SPLITS } from "../env/core/task.ts";
import { systemClock } from "../eval/clock.ts";
import { playEpisode } from "../eval/episode.ts";
import type { PlayedEpisode } from "../eval/episode.ts";
import { coreSuite } from "../tasks/index.ts";
import { referenceFor } from "../tasks/reference.ts";

/** The task of that id in the suite that ships. Throws when there is none. */
export function taskOf(id: string): Task {
  const task = coreSuite.tasks.find((candidate) => candidate.id === id);
  if (task === undefined) throw new Error(`The suite has no task ${id}.`);
  return task;
}

/** A suite of one task. */
export const suiteOf = (task: Task): Suite => ({
  name: "one",
  version: "1.0.0",
  tasks: [task],
  splits: {
    ...(Object.fromEntries(SPLITS.map((split) => [split, []])) as unknown as Suite["splits"]),
    train: [task.id],
  },
});

/** An environment that has just been reset to a task, which need not be in the suite. */
export function startedEnv(task: Task, seed: number): IncidentEnv {
  const env = new IncidentEnv(suiteOf(task));
  env.reset({ seed, options: { task_id: task.id } });
  return env;
}

/** The smallest seed from `first` on at which a task has that sibling. */
export function seedOfSibling(task: Task, sibling: number, first = 0): number {
  for (let seed = first; seed < first + 200; seed += 1) {
    if (initial(task, seed).instance.siblingIndex === sibling) return seed;
  }
  throw new Error(`${task.id} had no sibling ${sibling} in 200 seeds.`);
}

/** Every sibling of every task, with a readable name: `inc-108 A`. */
export const everySibling: readonly { name: string; task: Task; sibling: number; definition: Sibling }[] =
  coreSuite.tasks.flatMap((task) =>
    task.siblings.map((definition, sibling) => ({
      name: `${task.id} ${"ABCDEF"[sibling]}`,
      task,
      sibling,
      definition,
    })),
  );

/** An agent that answers with what a function says, given the number of the step, counted from 0. */
export class ScriptedAgent implements Agent {
  readonly #next: (step: number, observation: Observation, rng: Rng) => unknown;
  #rng: Rng = () => 0;
  #step = 0;

  constructor(next: (step: number, observation: Observation, rng: Rng) => unknown) {
    this.#next = next;
  }

  begin({ rng }: AgentContext): void {
    this.#rng = rng;
    this.#step = 0;
  }

  act(observation: Observation): Promise<Turn> {
    const action = this.#next(this.#step, observation, this.#rng);
    this.#step += 1;
    return Promise.resolve({ action });
  }
}

/** Plays one episode in this process through the harness's own loop. */
export const played = (task: Task, seed: number, agent: Agent, context: Partial<AgentContext> = {}) =>
  playEpisode({
    client: localClient(coreSuite),
    agent,
    context: { rng: rngFor(seed, `test-agent/${task.id}`, 0), ...context },
    taskId: task.id,
    seed,
    clock: systemClock,
    signal: new AbortController().signal,
  });

/** What the expert makes of an instance. */
export const playedByExpert = (task: Task, seed: number): Promise<PlayedEpisode> =>
  played(task, seed, new ExpertAgent(), { reference: referenceFor(task, seed) });
