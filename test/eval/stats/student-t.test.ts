import fc from "fast-check";
import { expect, test } from "vitest";
import { incompleteBeta } from "../../../eval/stats/incomplete-beta.ts";
import { studentTCdf, studentTQuantile } from "../../../eval/stats/student-t.ts";

test.each([
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2: critical values of Student's t.
  [0.9, 1, 3.078],
  [0.95, 2, 2.92],
  [0.975, 1, 12.706],
  [0.975, 2, 4.303],
  [0.975, 4, 2.776],
  [0.975, 7, 2.365],
  [0.975, 10, 2.228],
  [0.975, 39, 2.023],
  [0.975, 100, 1.984],
  [0.99, 5, 3.365],
  [0.999, 30, 3.385],
])("the %f quantile with %i degrees of freedom is %f", (p, df, expected) => {
  expect(studentTQuantile(p, df)).toBeCloseTo(expected, 3);
});

test("with very many degrees of freedom it is the normal quantile", () => {
  expect(studentTQuantile(0.975, 1e7)).toBeCloseTo(1.959964, 5);
});

test("one degree of freedom is the Cauchy distribution: tan(π (p − ½))", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), (p) => {
      const exact = Math.tan(Math.PI * (p - 0.5));
      expect(Math.abs(studentTQuantile(p, 1) - exact)).toBeLessThan(1e-10 * (1 + Math.abs(exact)));
    }),
  );
});

test("quantile and distribution function undo each other, and the tails mirror", () => {
  const probability = fc.double({ min: 0.001, max: 0.999, noNaN: true });
  fc.assert(
    fc.property(probability, fc.integer({ min: 1, max: 300 }), (p, df) => {
      const t = studentTQuantile(p, df);
      expect(studentTCdf(t, df)).toBeCloseTo(p, 11);
      expect(studentTCdf(-t, df)).toBeCloseTo(1 - p, 11);
    }),
  );
});

test("a probability outside (0, 1) is refused", () => {
  expect(() => studentTQuantile(1, 5)).toThrow("expected 0 < p < 1");
});

test("the incomplete beta function has its closed forms: a power of x, and binomial tails", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 60 }), (x, a) => {
      expect(incompleteBeta(x, a, 1)).toBeCloseTo(x ** a, 12);
      expect(incompleteBeta(x, 1, a)).toBeCloseTo(1 - (1 - x) ** a, 12);
    }),
  );
  expect(incompleteBeta(0.5, 2000, 2000)).toBeCloseTo(0.5, 12);
});
