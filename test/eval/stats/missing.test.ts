import { expect, test } from "vitest";
import { distinctTrajectories } from "../../../eval/stats/distinct.ts";
import { missingBounds } from "../../../eval/stats/missing.ts";

test("the bounds count every unscored episode once as failed and once as succeeded", () => {
  expect(missingBounds(20, 30, 40)).toEqual({ lower: 0.5, upper: 0.75, coverage: 0.75 });
});

test("a plan without episodes has no bounds, and impossible counts are refused", () => {
  expect(missingBounds(0, 0, 0)).toEqual({ lower: null, upper: null, coverage: null });
  expect(() => missingBounds(5, 4, 10)).toThrow("expected successes ≤ scored ≤ planned, got 5, 4, 10");
});

const episode = (taskId: string, trajectorySha256: string | null) => ({ taskId, trajectorySha256 });

test("equal trajectories of one task count once; without a hash nothing is a copy", () => {
  const kept = [episode("a", "x"), episode("b", "x"), episode("a", null), episode("a", null)];
  expect(distinctTrajectories([...kept, episode("a", "x"), episode("b", "x")])).toEqual(kept);
});
