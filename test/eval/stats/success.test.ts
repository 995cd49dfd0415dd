import { expect, test } from "vitest";
import { clusteredRate } from "../../../eval/stats/clustered.ts";
import { successRate } from "../../../eval/stats/success.ts";
import { wilson } from "../../../eval/stats/wilson.ts";
import { samplesOf } from "./samples.ts";

test("one trial per task gives Wilson's interval over the tasks", () => {
  const samples = samplesOf(...Array.from({ length: 40 }, (_, task) => [task % 2]));
  expect(successRate(samples)).toEqual({ ...wilson(20, 40), tasks: 40 });
});

test("one task alone gives Wilson's interval over its trials", () => {
  expect(successRate(samplesOf([1, 1, 0]))).toEqual({ ...wilson(2, 3), tasks: 1 });
});

test("several trials of several tasks give the clustered interval", () => {
  const samples = samplesOf([1, 0], [1, 1], [0, 0], [1, 0], [0, 1], [1]);
  expect(successRate(samples)).toEqual(clusteredRate(samples));
});

test("no scored episode gives no rate", () => {
  expect(successRate([])).toEqual({ value: null, lower: null, upper: null, n: 0, tasks: 0 });
});
