import { describe, expect, test } from "vitest";
import { Session } from "../../env/session/session.ts";
import { coreSuite } from "../../tasks/index.ts";
import { unexpectedFields } from "../env/core/visible.ts";
import { policies, shownBy } from "./policies.ts";

const SEEDS = [3, 1_000_007];

describe.for(Object.entries(policies))("what the policy %s is shown", ([, policy]) => {
  test.for(coreSuite.tasks.map((task) => [task.id, task] as const))("of %s is on the allow-list", ([, task]) => {
    for (const seed of SEEDS) {
      const fields = shownBy(task, seed, policy(task, seed)).flatMap(({ observation }) =>
        unexpectedFields(observation),
      );
      expect(new Set(fields)).toEqual(new Set());
    }
  });
});

test("a session adds the text, and nothing when it is declined", () => {
  const session = new Session(coreSuite);
  for (const text of [true, false]) {
    const { observation } = session.reset({ seed: 1, text });
    const { observation: next } = session.step({ type: "check_status", service: "cache" });
    for (const { text: added, ...core } of [observation, next]) {
      expect(unexpectedFields(core)).toEqual([]);
      expect(typeof added).toBe(text ? "string" : "undefined");
    }
  }
});

test("a field that is on no list is found, wherever it is", () => {
  const { observation } = new Session(coreSuite).reset({ seed: 1, text: false });
  expect(unexpectedFields({ ...observation, sibling: 0 } as typeof observation)).toEqual(["sibling"]);
  const [first, ...others] = observation.slo;
  const slo = [{ ...first, red: true }, ...others] as unknown as typeof observation.slo;
  expect(unexpectedFields({ ...observation, slo })).toEqual(["slo.red"]);
});
