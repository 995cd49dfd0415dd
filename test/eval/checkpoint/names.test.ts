import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../../env/store/canonical.ts";
import { attemptOf, episodePath, plainName } from "../../../eval/checkpoint/names.ts";

const named = (changes: object = {}) => ({
  taskId: "inc-117",
  specHash: sha256("spec"),
  trial: 0,
  variantLabel: "expert",
  variantId: sha256("expert"),
  attempt: 1,
  ...changes,
});

describe("the name of an episode's file", () => {
  test("says task, trial, agent and attempt", () => {
    expect(episodePath(named())).toBe("episodes/inc-117.0.expert.1.json");
    expect(attemptOf("inc-117.0.expert.12.json")).toBe(12);
  });

  test.each([
    ["tools:gpt-5.5", /^tools-gpt-5-5\+[0-9a-f]{12}$/],
    ["rl:/home/x/../policy.json", /^rl-home-x-policy-json\+[0-9a-f]{12}$/],
    ["..", /^-\+[0-9a-f]{12}$/],
    ["", /^\+[0-9a-f]{12}$/],
    ["Expert", /^expert\+[0-9a-f]{12}$/],
    ["a".repeat(300), /^a{40}\+[0-9a-f]{12}$/],
  ])("of the agent %j holds its id", (label, expected) => {
    expect(plainName(label, sha256(label))).toMatch(expected);
  });

  test("is plain, says its attempt, and is no other agent's", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), fc.integer({ min: 1, max: 99_999 }), (a, b, attempt) => {
        const path = episodePath(named({ variantLabel: a, variantId: sha256(a), attempt }));
        const file = path.slice("episodes/".length);
        expect(file).toMatch(/^[a-z0-9+_-]+\.\d+\.[a-z0-9+_-]+\.\d+\.json$/);
        expect(file.length).toBeLessThan(150);
        expect(attemptOf(file)).toBe(attempt);
        const other = episodePath(named({ variantLabel: b, variantId: sha256(b), attempt }));
        expect(other.toLowerCase() === path.toLowerCase()).toBe(a === b);
      }),
    );
  });

  test.each(["run.json", "inc-117.0.expert.0.json", "inc-117.0.expert.json", ".inc-117.0.expert.1.json.1234.tmp"])(
    "%s is none",
    (name) => expect(attemptOf(name)).toBeNull(),
  );
});
