import { describe, expect, test } from "vitest";
import { ExpertAgent } from "../../agents/expert.ts";
import { RandomAgent } from "../../agents/random.ts";
import type { Agent } from "../../agents/agent.ts";
import { CAUSE_SERVICES, FAULTS, pick, SERVICES } from "../../env/contract/index.ts";
import { FIRST_EVALUATION_SEED } from "../../eval/seeds.ts";
import { coreSuite } from "../../tasks/index.ts";
import { referenceFor } from "../../tasks/reference.ts";
import { played, ScriptedAgent } from "../helpers.ts";

const easy = coreSuite.tasks.filter(({ difficulty }) => difficulty === "easy");
const SEEDS = Array.from({ length: 20 }, (_, i) => FIRST_EVALUATION_SEED + i);

/** Mean score and success rate over the ten easy tasks at twenty seeds each. */
async function over(create: () => Agent, needsReference = false) {
  const scores: number[] = [];
  let successes = 0;
  for (const task of easy) {
    for (const seed of SEEDS) {
      const context = needsReference ? { reference: referenceFor(task, seed) } : {};
      const { verdict } = await played(task, seed, create(), context);
      scores.push(verdict.score);
      if (verdict.success) successes += 1;
    }
  }
  expect(scores).toHaveLength(200);
  return { score: scores.reduce((sum, score) => sum + score, 0) / scores.length, success: successes / scores.length };
}

test("the expert succeeds always, with a mean score above 0.95", async () => {
  const { score, success } = await over(() => new ExpertAgent(), true);
  expect(success).toBe(1);
  expect(score).toBeGreaterThan(0.95);
});

test("random actions stay below a mean score of 0.05", async () => {
  const { score, success } = await over(() => new RandomAgent());
  expect(score).toBeLessThan(0.05);
  expect(success).toBe(0);
});

describe("a policy that does not look for the cause stays below a mean score of 0.15", () => {
  const restarts = SERVICES.map((service) => `restart_service(${service})`);
  const policies: Readonly<
    Record<string, (...given: Parameters<ConstructorParameters<typeof ScriptedAgent>[0]>) => unknown>
  > = {
    "looking at one status until the budget ends": () => "check_status(load_balancer)",
    "restarting everything, then guessing": (step, _, rng) =>
      restarts[step] ?? `resolve_incident(${pick(rng, SERVICES)}, crash)`,
    "escalating at once": () => "escalate(I hand this over)",
    "resolving at once, always alike": () => "resolve_incident(cache, crash)",
    "calling everything a false alarm": () => "resolve_incident(none, no_fault)",
    "resolving at once, by chance": (_step, _, rng) =>
      `resolve_incident(${pick(rng, CAUSE_SERVICES)}, ${pick(rng, FAULTS)})`,
  };

  test.for(Object.entries(policies))("%s", async ([, next]) => {
    const { score, success } = await over(() => new ScriptedAgent(next));
    expect(score).toBeLessThan(0.15);
    expect(success).toBeLessThan(0.15);
  });
});
