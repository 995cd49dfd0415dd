import fc from "fast-check";
import { expect, test } from "vitest";
import { wilson } from "../../../eval/stats/wilson.ts";

test.each([
  { successes: 0, n: 40, lower: 0, upper: 0.0876 },
  { successes: 20, n: 40, lower: 0.352, upper: 0.648 },
  { successes: 40, n: 40, lower: 0.9124, upper: 1 },
  // Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3.
  { successes: 81, n: 263, lower: 0.2553, upper: 0.3662 },
  { successes: 15, n: 148, lower: 0.0624, upper: 0.1605 },
  { successes: 0, n: 20, lower: 0, upper: 0.1611 },
  { successes: 1, n: 29, lower: 0.0061, upper: 0.1718 },
])("$successes of $n has the published interval", ({ successes, n, lower, upper }) => {
  const estimate = wilson(successes, n);
  expect(estimate.lower).toBeCloseTo(lower, 4);
  expect(estimate.upper).toBeCloseTo(upper, 4);
});

test("nothing tried gives an absent estimate, not 0", () => {
  expect(wilson(0, 0)).toEqual({ value: null, lower: null, upper: null, n: 0 });
});

test("more successes than trials are refused", () => {
  expect(() => wilson(3, 2)).toThrow("expected 0 ≤ successes ≤ n, got 3 of 2");
});

test("the interval lies in [0, 1] around the share, and mirrors when successes and failures swap", () => {
  const counts = fc.nat(500).chain((n) => fc.tuple(fc.integer({ min: 0, max: n + 1 }), fc.constant(n + 1)));
  fc.assert(
    fc.property(counts, ([successes, n]) => {
      const { value, lower, upper } = wilson(successes, n) as { value: number; lower: number; upper: number };
      expect(lower).toBeGreaterThanOrEqual(0);
      expect(lower).toBeLessThanOrEqual(value);
      expect(upper).toBeGreaterThanOrEqual(value);
      expect(upper).toBeLessThanOrEqual(1);
      expect(wilson(n - successes, n).lower).toBeCloseTo(1 - upper, 12);
    }),
  );
});
