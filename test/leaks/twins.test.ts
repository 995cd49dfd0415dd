import { describe, expect, test } from "vitest";
import { act, beginEpisode } from "../../env/core/episode.ts";
import { coreSuite } from "../../tasks/index.ts";
import { policies, shownBy } from "./policies.ts";
import { twinsOf } from "./twins.ts";

const SEEDS = [0, 11, 222_222];

describe("twins that differ in hidden labels alone show the same bytes", () => {
  test.for(coreSuite.tasks.map((task) => [task.id, task] as const))("%s", ([, task]) => {
    const [plain, other] = twinsOf(task);
    for (const policy of Object.values(policies)) {
      for (const seed of SEEDS) {
        const actions = policy(task, seed);
        expect(JSON.stringify(shownBy(other, seed, actions))).toBe(JSON.stringify(shownBy(plain, seed, actions)));
      }
    }
  });
});

test("the labels do differ: the judge tells the twins apart", () => {
  const differing = coreSuite.tasks.filter((task) => {
    const verdicts = twinsOf(task).map((twin) => {
      const episode = beginEpisode(twin, 5, "sparse", 1);
      for (const action of policies.reference?.(task, 5) ?? []) if (episode.verdict === null) act(episode, action);
      return JSON.stringify(episode.verdict);
    });
    return verdicts[0] !== verdicts[1];
  });
  expect(differing).toHaveLength(coreSuite.tasks.length);
});
