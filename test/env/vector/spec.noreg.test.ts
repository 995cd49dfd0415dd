import { expect, test } from "vitest";
import { ENV_VERSION } from "../../../env/core/version.ts";
import { vectorSizes } from "../../../env/vector/spec.ts";

/** Checkpoints name these ids, and fit no other tables. They change with the environment version, and with nothing else. */
test("the tables of an environment version stay what they are", () => {
  expect(vectorSizes).toEqual({
    protocol: "oncall.vector/1",
    env_version: ENV_VERSION,
    action_space_id: "a-dd2c195b",
    obs_space_id: "o-e28ee81e",
    num_actions: 646,
    mask_bytes: 81,
    obs_dim: 634,
  });
});
