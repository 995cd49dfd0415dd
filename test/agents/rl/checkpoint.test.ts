import { describe, expect, test } from "vitest";
import { layout } from "../../../agents/rl/sight.ts";
import { CheckpointError, checkpointText, readCheckpoint } from "../../../agents/rl/checkpoint.ts";
import type { SavedPolicy } from "../../../agents/rl/checkpoint.ts";
import { vectorIds } from "../../../agents/rl/spec-ids.ts";
import { initialWeights } from "../../../agents/rl/weights.ts";
import { tinySettings } from "./fixtures.ts";

const settings = tinySettings();
const sizes = { hidden: settings.hidden, shared: settings.shared };
const weights = initialWeights(layout, sizes, 3);
const saved: SavedPolicy = {
  spec: { ...vectorIds, suite: "core@1.0.0", scoring_version: "1.0.0" },
  settings,
  policy: { sizes, weights, moments: { first: weights, second: weights }, steps: 7 },
  trainer: {
    counters: { updates: 2, steps: 300, episodes: 40 },
    noveltyCounts: Array.from({ length: layout.obsDim }, (_, i) => i),
  },
};
const text = checkpointText(saved);
const read = (changed: string) => readCheckpoint(changed, layout, saved.spec, "policy.json");

describe("a checkpoint", () => {
  test("comes back as it was, and is written again byte for byte", () => {
    expect(read(text)).toEqual(saved);
    expect(checkpointText(read(text))).toBe(text);
  });

  test.for(["action_space_id", "obs_space_id", "env_version", "suite", "scoring_version"] as const)(
    "with another %s is refused in a sentence that names both",
    (name) => {
      const foreign = checkpointText({ ...saved, spec: { ...saved.spec, [name]: "other" } });
      expect(() => read(foreign)).toThrow(CheckpointError);
      expect(() => read(foreign)).toThrow(
        `policy.json was trained for another environment: ${name} other (here ${saved.spec[name]}).`,
      );
    },
  );

  test.for([
    ["cut short", text.slice(0, text.length / 2), "it is not JSON, or was cut short"],
    ["of another kind", '{"format":"other"}', "is no checkpoint of this program"],
    ["without its weights", text.replace(/"body1":"[^"]*"/, '"body1":""'), 'finite numbers in "body1", got 0'],
    ["with a number that is none", text.replace(/"bias1":"[^"]{8}/, '"bias1":"AADAfwAA'), 'finite numbers in "bias1"'],
  ] as const)("%s is refused", ([, changed, message]) => {
    expect(() => read(changed)).toThrow(message);
  });
});
