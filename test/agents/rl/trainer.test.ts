import { describe, expect, test } from "vitest";
import { openPolicy } from "../../../agents/rl/policy.ts";
import type { TrainSettings } from "../../../agents/rl/settings.ts";
import { Trainer } from "../../../agents/rl/trainer.ts";
import { initialWeights } from "../../../agents/rl/weights.ts";
import { Bandit, banditLayout, tinySettings } from "./fixtures.ts";

async function trainer(settings: TrainSettings): Promise<Trainer> {
  const sizes = { hidden: settings.hidden, shared: settings.shared };
  const weights = initialWeights(banditLayout, sizes, settings.seed);
  const policy = await openPolicy(banditLayout, { sizes, weights, moments: null, steps: 0 });
  const bandit = new Bandit(settings.envs);
  return new Trainer(policy, settings, null, () => bandit);
}

describe("the trainer", () => {
  test("learns a contextual bandit to near-optimal, and never pulls an arm that is masked out", async () => {
    const learner = await trainer(tinySettings({ steps: 8000 }));
    const first = learner.update().score;
    let last = first;
    while (!learner.isDone) last = learner.update().score;
    expect(first).toBeLessThan(0.4);
    expect(last).toBeGreaterThan(0.95);
  });

  test("counts steps that count, and not those that only start an episode", async () => {
    const learner = await trainer(tinySettings());
    const { steps, episodes } = learner.update();
    expect({ steps, episodes }).toEqual({ steps: 128, episodes: 128 });
  });

  test("another seed trains another policy", async () => {
    const [one, other] = await Promise.all([trainer(tinySettings({ seed: 1 })), trainer(tinySettings({ seed: 2 }))]);
    expect(one.policy.state().weights.body1).not.toEqual(other.policy.state().weights.body1);
    expect(one.update().entropy).not.toBe(other.update().entropy);
  });
});
