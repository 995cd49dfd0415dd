import fc from "fast-check";
import { expect, test } from "vitest";
import { signFlip } from "../../../eval/stats/sign-flip.ts";

test("Darwin's maize, as Fisher worked it: 1,726 of 32,768 assignments reach the observed sum", () => {
  // Fisher, "The design of experiments" (1935), section 21: differences of 15 pairs of plants in eighths of an inch.
  const differences = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
  expect(signFlip(differences, 1)).toBe(1726 / 32_768);
});

test("six differences of one sign give 2 / 64", () => {
  expect(signFlip([0.1, 0.2, 0.3, 0.1, 0.2, 0.3], 1)).toBe(2 / 64);
});

test("tasks without a difference change nothing", () => {
  expect(signFlip([1, 0, 1, 0, 1, 0], 1)).toBe(signFlip([1, 1, 1], 1));
  expect(signFlip([0, 0, 0], 1)).toBe(1);
});

test("over nothing there is no p", () => {
  expect(signFlip([], 1)).toBeNull();
});

test("beyond twenty tasks the seeded flips come close to the exact answer and repeat exactly", () => {
  // 21 equal differences are a sign test: 16 against 5 has p = 2 Σ_{i ≤ 5} C(21, i) / 2^21 = 0.02660.
  const differences = Array.from({ length: 21 }, (_, task) => (task < 16 ? 0.5 : -0.5));
  const p = signFlip(differences, 5);
  expect(p).toBeCloseTo(0.0266, 2);
  expect(signFlip(differences, 5)).toBe(p);
  expect(
    signFlip(
      Array.from({ length: 30 }, () => 1),
      5,
    ),
  ).toBe(1 / 100_001);
});

test("p lies in (0, 1], is blind to scale and sign, and counts rounding ties", () => {
  const difference = fc.integer({ min: -20, max: 20 }).map((n) => n / 10);
  fc.assert(
    fc.property(fc.array(difference, { minLength: 1, maxLength: 9 }), (differences) => {
      const p = signFlip(differences, 1) as number;
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThanOrEqual(1);
      expect(
        signFlip(
          differences.map((d) => -3 * d),
          1,
        ),
      ).toBe(p);
    }),
  );
});
