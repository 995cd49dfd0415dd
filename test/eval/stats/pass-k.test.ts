import fc from "fast-check";
import { expect, test } from "vitest";
import { passAtK, passHatK } from "../../../eval/stats/pass-k.ts";
import { successRate } from "../../../eval/stats/success.ts";
import { samplesOf } from "./samples.ts";

const samples = samplesOf([1, 1, 1, 0], [1, 1, 1, 1], [0, 0, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0]);

test("pass^k is C(c,k) / C(n,k), averaged over tasks", () => {
  expect(passHatK(samples, 2, 1).value).toBeCloseTo((3 / 6 + 1 + 0 + 0 + 1 / 6) / 5, 12);
});

test("pass@k is 1 − C(n−c,k) / C(n,k), averaged over tasks", () => {
  expect(passAtK(samples, 2, 1).value).toBeCloseTo((1 + 1 + 0 + 3 / 6 + 5 / 6) / 5, 12);
});

test("with k = 1 both are the success rate", () => {
  const rate = successRate(samples).value;
  expect(passHatK(samples, 1, 1).value).toBe(rate);
  expect(passAtK(samples, 1, 1).value).toBeCloseTo(rate as number, 15);
});

test("the interval is a bootstrap over tasks; n still counts episodes", () => {
  const { lower, upper, n, tasks } = passHatK(samples, 2, 1);
  expect(lower).toBeGreaterThanOrEqual(0);
  expect(lower).toBeLessThan(upper as number);
  expect(upper).toBeLessThanOrEqual(1);
  expect({ n, tasks }).toEqual({ n: 20, tasks: 5 });
});

test("a task with fewer than k trials makes it absent and is named", () => {
  const uneven = [...samples, { taskId: "short", value: 1 }];
  expect(passHatK(uneven, 2, 1)).toEqual({
    value: null,
    lower: null,
    upper: null,
    n: 21,
    tasks: 6,
    k: 2,
    tooFewTrials: ["short"],
  });
});

test("over nothing it is absent, and k must be a whole number from 1", () => {
  expect(passAtK([], 3, 1)).toMatchObject({ value: null, n: 0, tasks: 0, tooFewTrials: [] });
  expect(() => passHatK(samples, 0, 1)).toThrow("expected a whole k ≥ 1, got 0");
});

const value = (estimate: { value: number | null }): number => estimate.value as number;

test("more pages make pass^k smaller and pass@k larger", () => {
  const trials = fc.array(fc.constantFrom(0, 1), { minLength: 5, maxLength: 9 });
  fc.assert(
    fc.property(fc.array(trials, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 4 }), (tasks, k) => {
      const some = samplesOf(...tasks);
      expect(value(passHatK(some, k + 1, 1))).toBeLessThanOrEqual(value(passHatK(some, k, 1)) + 1e-12);
      expect(value(passAtK(some, k + 1, 1))).toBeGreaterThanOrEqual(value(passAtK(some, k, 1)) - 1e-12);
    }),
  );
});
