import { expect, test } from "vitest";
import { advantagesOf } from "../../../agents/rl/advantages.ts";
import type { Rollout } from "../../../agents/rl/rollout.ts";

const rollout = (fields: Partial<Rollout>): Rollout => fields as Rollout;

test("returns follow the definition: ended episodes expect nothing more, open ones what the value says", () => {
  const { returns } = advantagesOf(
    rollout({
      // Two environments, three steps: the first ends its episode at step 1, the second goes on.
      values: Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
      rewards: Float32Array.of(0, 0, 1, 0, 0, 2),
      ended: Uint8Array.of(0, 0, 1, 0, 0, 0),
      weights: Float32Array.of(1, 1, 1, 1, 0, 1),
      lastValues: Float32Array.of(0.7, 0.8),
    }),
    0.5,
    1,
  );
  // With lambda 1 the return is the discounted sum of rewards, closed off by the last value.
  const expected = [0.5, 0.6, 1, 1.2, 0.35, 2.4];
  returns.forEach((value, row) => expect(value).toBeCloseTo(expected[row] as number, 6));
});

test("advantages have mean 0 and deviation 1 over the steps that count alone", () => {
  const { advantages } = advantagesOf(
    rollout({
      values: Float32Array.of(0, 0, 0, 0),
      rewards: Float32Array.of(1, 2, 6, 100),
      ended: Uint8Array.of(1, 1, 1, 1),
      weights: Float32Array.of(1, 1, 1, 0),
      lastValues: Float32Array.of(0),
    }),
    0.9,
    0.9,
  );
  const counted = [...advantages.subarray(0, 3)];
  expect(counted.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 5);
  expect(counted.reduce((sum, value) => sum + value * value, 0) / 3).toBeCloseTo(1, 5);
});
