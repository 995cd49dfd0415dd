import fc from "fast-check";
import { expect, test } from "vitest";
import { clusteredMean, clusteredRate, clusteredStandardError } from "../../../eval/stats/clustered.ts";
import type { Sample } from "../../../eval/stats/tasks.ts";
import { wilson } from "../../../eval/stats/wilson.ts";
import { samplesOf, someSamples } from "./samples.ts";

test("with equal trials it is the formula of arXiv 2411.00640 with the factor G/(G−1)", () => {
  const samples = samplesOf([1, 0, 1], [0, 0, 0], [1, 1, 1], [1, 0, 0], [0, 1, 1]);
  const n = samples.length;
  const mean = samples.reduce((total, { value }) => total + value, 0) / n;
  const clusters = [0, 1, 2, 3, 4].map((task) =>
    samples.slice(3 * task, 3 * task + 3).reduce((total, { value }) => total + value - mean, 0),
  );
  const expected = Math.sqrt((5 / 4) * clusters.reduce((total, cluster) => total + cluster * cluster, 0)) / n;
  expect(clusteredStandardError(samples)).toBeCloseTo(expected, 14);
});

test("with one trial per task it is R's t.test interval", () => {
  // t.test(c(0.2, 0.4, 0.5, 0.7, 0.7)): mean 0.5, 95 % interval 0.236706 … 0.763294
  const estimate = clusteredMean(samplesOf([0.2], [0.4], [0.5], [0.7], [0.7]), 0, 1);
  expect(estimate.value).toBeCloseTo(0.5, 12);
  expect(estimate.lower).toBeCloseTo(0.5 - 2.776445 * 0.0948683, 5);
  expect(estimate.upper).toBeCloseTo(0.5 + 2.776445 * 0.0948683, 5);
  expect(estimate).toMatchObject({ n: 5, tasks: 5 });
});

test("a task tried more often weighs no more", () => {
  const estimate = clusteredMean(samplesOf([1, 1, 1, 1, 1, 1], [0], [0], [0], [0]), 0, 1);
  expect(estimate).toMatchObject({ value: 0.2, n: 10, tasks: 5 });
});

test("the interval stays inside the range of the quantity", () => {
  const estimate = clusteredMean(samplesOf([1], [1], [1], [1], [0]), 0, 1);
  expect(estimate.upper).toBe(1);
});

test.each([0, 1])("when every episode is %i the rate falls back to Wilson with n = tasks", (value) => {
  const samples = samplesOf(...Array.from({ length: 8 }, () => [value, value, value]));
  const { lower, upper } = wilson(8 * value, 8);
  expect(clusteredRate(samples)).toEqual({ value, lower, upper, n: 24, tasks: 8 });
});

test("under five tasks there is a value and no interval", () => {
  const four = samplesOf([1, 0], [1, 1], [0, 0], [1, 0]);
  expect(clusteredRate(four)).toEqual({ value: 0.5, lower: null, upper: null, n: 8, tasks: 4 });
  expect(clusteredRate(samplesOf([1, 1], [1, 1]))).toMatchObject({ value: 1, lower: null, upper: null });
});

test("tasks without any difference claim no certainty about a mean", () => {
  expect(clusteredMean(samplesOf([0.3], [0.3], [0.3], [0.3], [0.3], [0.3]), 0, 1)).toMatchObject({
    lower: null,
    upper: null,
  });
});

test("over nothing it is absent", () => {
  expect(clusteredRate([])).toEqual({ value: null, lower: null, upper: null, n: 0, tasks: 0 });
  expect(clusteredStandardError([])).toBeNull();
});

test("the order of the episodes changes no bit, and the interval holds the value", () => {
  fc.assert(
    fc.property(someSamples, (samples: Sample[]) => {
      const estimate = clusteredRate(samples);
      expect(clusteredRate(samples.toReversed())).toEqual(estimate);
      if (estimate.value === null || estimate.lower === null || estimate.upper === null) return;
      expect(estimate.lower).toBeLessThanOrEqual(estimate.value);
      expect(estimate.upper).toBeGreaterThanOrEqual(estimate.value);
      expect(estimate.lower).toBeGreaterThanOrEqual(0);
      expect(estimate.upper).toBeLessThanOrEqual(1);
    }),
  );
});
