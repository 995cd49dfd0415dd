import fc from "fast-check";
import { expect, test } from "vitest";
import { bootstrapMean, bootstrapRatio, type RatioSample } from "../../../eval/stats/bootstrap.ts";
import { samplesOf, someSamples } from "./samples.ts";

const ABSENT = { value: null, lower: null, upper: null };

const part = (task: number, numerator: number, denominator: number): RatioSample => ({
  taskId: `t${task}`,
  numerator,
  denominator,
});

/** As many tasks as asked for, each with the same number of changes, none of them wrong. */
const noneWrong = (tasks: number, changes: number): RatioSample[] =>
  Array.from({ length: tasks }, (_, task) => part(task, 0, changes));

test("five tasks of 0 and one of 1: the bounds are the binomial's percentiles", () => {
  // The number of ones in a resample is binomial (6, 1/6): P(0) = 0.335, P(≤ 2) = 0.938, P(≤ 3) = 0.991.
  const { value, lower, upper } = bootstrapMean(samplesOf([0], [0], [0], [0], [0], [1]), 1);
  expect(value).toBeCloseTo(1 / 6, 12);
  expect(lower).toBe(0);
  expect(upper).toBeCloseTo(3 / 6, 12);
});

test("with many tasks the interval comes close to the normal one", () => {
  const samples = samplesOf(...Array.from({ length: 100 }, (_, task) => [task / 99]));
  const { value, lower, upper } = bootstrapMean(samples, 7);
  const error = Math.sqrt((100 * 100 - 1) / 12 / (99 * 99) / 100);
  expect(value).toBeCloseTo(0.5, 12);
  expect(lower).toBeCloseTo(0.5 - 1.96 * error, 2);
  expect(upper).toBeCloseTo(0.5 + 1.96 * error, 2);
});

test("a ratio is pooled: a long episode weighs by its actions", () => {
  const samples = [part(1, 0, 1), part(2, 0, 1), part(3, 0, 1), part(4, 1, 1), part(5, 16, 16)];
  const estimate = bootstrapRatio(samples, 1);
  expect(estimate).toMatchObject({ value: 17 / 20, n: 5, tasks: 5 });
  expect(estimate.lower).toBeLessThan(0.5);
  expect(estimate.upper).toBeGreaterThan(0.95);
});

test("a ratio without a denominator is absent, and one from four tasks has no interval", () => {
  expect(bootstrapRatio([], 1)).toEqual({ ...ABSENT, n: 0, tasks: 0 });
  expect(bootstrapRatio(noneWrong(8, 0), 1)).toEqual({ ...ABSENT, n: 8, tasks: 8 });
  expect(bootstrapRatio(noneWrong(4, 2), 1)).toEqual({ ...ABSENT, value: 0, n: 4, tasks: 4 });
});

test("tasks that are all alike claim no certainty", () => {
  expect(bootstrapMean(samplesOf([1], [1], [1], [1], [1], [1]), 1)).toEqual({ ...ABSENT, value: 1, n: 6, tasks: 6 });
  expect(bootstrapRatio(noneWrong(40, 2), 1)).toEqual({ ...ABSENT, value: 0, n: 40, tasks: 40 });
});

test("over nothing a mean is absent", () => {
  expect(bootstrapMean([], 1)).toEqual({ ...ABSENT, n: 0, tasks: 0 });
});

test("the same seed gives the same bits whatever the order, and the bounds lie among the task means", () => {
  fc.assert(
    fc.property(someSamples, fc.nat(), (samples, seed) => {
      const estimate = bootstrapMean(samples, seed, 200);
      expect(bootstrapMean(samples.toReversed(), seed, 200)).toEqual(estimate);
      if (estimate.lower === null || estimate.upper === null) return;
      expect(estimate.lower).toBeLessThanOrEqual(estimate.upper);
      expect(estimate.lower).toBeGreaterThanOrEqual(0);
      expect(estimate.upper).toBeLessThanOrEqual(1);
    }),
  );
});

test("a mean of one trial per task is the ratio with denominators of 1", () => {
  const samples = samplesOf([0.25], [0.5], [0.75], [1], [0]);
  const ratios = samples.map(({ taskId, value }) => ({ taskId, numerator: value, denominator: 1 }));
  expect(bootstrapRatio(ratios, 3)).toEqual(bootstrapMean(samples, 3));
});
