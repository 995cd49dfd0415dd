import { expect, test } from "vitest";
import { percentiles, quantileOfSorted } from "../../../eval/stats/percentiles.ts";

test("percentiles interpolate between ranks as R's type 7 does", () => {
  // quantile(c(15, 20, 35, 40, 50), c(0.5, 0.9, 0.99)): 35, 46, 49.6
  const { p50, p90, p99, n } = percentiles([40, 15, 50, 20, 35]);
  expect(p50).toBe(35);
  expect(p90).toBeCloseTo(46, 12);
  expect(p99).toBeCloseTo(49.6, 12);
  expect(n).toBe(5);
});

test("one value is every percentile, and no value is none", () => {
  expect(percentiles([3])).toEqual({ p50: 3, p90: 3, p99: 3, n: 1 });
  expect(percentiles([])).toEqual({ p50: null, p90: null, p99: null, n: 0 });
});

test("the ends are the smallest and the largest value", () => {
  expect(quantileOfSorted([1, 2, 9], 0)).toBe(1);
  expect(quantileOfSorted([1, 2, 9], 1)).toBe(9);
});
