import { describe, expect, test } from "vitest";
import type { Agent } from "../../agents/agent.ts";
import { RunbookAgent } from "../../agents/runbook/runbook.ts";
import { IncidentEnv } from "../../env/core/env.ts";
import type { Observation } from "../../env/core/observation.ts";
import type { Suite, Task } from "../../env/core/task.ts";
import type { Verdict } from "../../env/core/verdict.ts";
import { coreSuite } from "../../tasks/index.ts";

const SEEDS = [0, 1, 2];
/** Steps of the hardest band: an agent that never closes does not hang the test. */
const MOST_STEPS = 24;

/** Every task that is there, also before it has a place in a split. */
const suite: Suite = { ...coreSuite, splits: { train: coreSuite.tasks.map(({ id }) => id), dev: [], test: [] } };

interface Played {
  readonly first: Observation;
  readonly actions: readonly string[];
  readonly statuses: readonly string[];
  readonly terminated: boolean;
  readonly verdict: Verdict;
}

async function play(task: Task, seed: number, agent: Agent = new RunbookAgent()): Promise<Played> {
  const env = new IncidentEnv(suite);
  agent.begin({ rng: noChance });
  const { observation: first } = env.reset({ seed, options: { task_id: task.id } });
  const { signal } = new AbortController();
  const actions: string[] = [];
  const statuses: string[] = [];
  let last = first;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { action } = await agent.act(frozen(structuredClone(last)), signal);
    actions.push(String(action));
    const { observation, terminated, truncated, info } = env.step(action);
    last = observation;
    statuses.push(observation.result.status);
    if (terminated || truncated) {
      return { first, actions, statuses, terminated, verdict: (info as { episode: Verdict }).episode };
    }
  }
  throw new Error(`${task.id} with seed ${seed} did not end within ${MOST_STEPS} steps.`);
}

const noChance = (): number => {
  throw new Error("The runbook takes no chances.");
};

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}

const isChange = (action: string) => /^(?:update_config|restart_service)\(/.test(action);

describe.each(suite.tasks.map((task) => [task.id, task] as const))("the runbook on %s", (_, task) => {
  test.each(SEEDS)("closes in time with valid actions only, seed %i", async (seed) => {
    const { first, actions, statuses, terminated } = await play(task, seed);
    expect(terminated).toBe(true);
    expect(statuses.filter((status) => status === "invalid")).toEqual([]);
    expect(actions.filter(isChange).length).toBeLessThanOrEqual(first.changes_left);
  });

  test("does the same again when it sees the same", async () => {
    expect((await play(task, 1)).actions).toEqual((await play(task, 1)).actions);
  });
});

test("the runbook scores above 0.45 on easy tasks", async () => {
  const scores: number[] = [];
  for (const task of suite.tasks.filter(({ difficulty }) => difficulty === "easy")) {
    for (const seed of SEEDS) scores.push((await play(task, seed)).verdict.score);
  }
  expect(scores.reduce((sum, score) => sum + score, 0) / scores.length).toBeGreaterThan(0.45);
});

test("a panel that is green from the page on is closed as a false alarm, without a change", async () => {
  const quiet: Played[] = [];
  for (const task of suite.tasks) {
    const played = await play(task, 0);
    if (played.first.slo.every(({ ok }) => ok)) quiet.push(played);
  }
  expect(quiet).not.toEqual([]);
  for (const { actions } of quiet) {
    expect(actions.filter(isChange)).toEqual([]);
    expect(actions.at(-1)).toBe("resolve_incident(none, no_fault)");
  }
});

test("one agent plays the next episode as a new one would", async () => {
  const agent = new RunbookAgent();
  for (const task of suite.tasks) {
    expect((await play(task, 0, agent)).actions).toEqual((await play(task, 0)).actions);
  }
});
