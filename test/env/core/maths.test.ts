import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clamp, exp, intPow, ln, pow, round9, significant } from "../../../env/core/maths.ts";

// Tables of what the constants of `Math` are compared with must not be those constants.
/* oxlint-disable oxc/approx-constant */

/** Computed with 60 decimal digits, rounded once. */
const EXP: readonly (readonly [x: number, y: number])[] = [
  [-700, 9.85967654375977e-305],
  [-100.25, 2.897198083210148e-44],
  [-12.5, 3.726653172078671e-6],
  [-1, 0.36787944117144233],
  [-0.3465735902799726, 0.7071067811865476],
  [-1e-9, 0.999999999],
  [0, 1],
  [1e-9, 1.000000001],
  [0.1, 1.1051709180756477],
  [0.5, 1.6487212707001282],
  [1, 2.718281828459045],
  [2.5, 12.182493960703473],
  [10, 22026.465794806718],
  [37.123, 1.3252995536268034e16],
  [300, 1.9424263952412558e130],
  [700, 1.0142320547350045e304],
];
const LN: readonly (readonly [x: number, y: number])[] = [
  [5e-324, -744.4400719213812],
  [1e-300, -690.7755278982137],
  [1e-9, -20.72326583694641],
  [0.05, -2.995732273553991],
  [0.5, -0.6931471805599453],
  [0.7071067811865476, -0.3465735902799726],
  [0.999, -0.0010005003335835344],
  [0.9999999999, -1.000000082790371e-10],
  [1, 0],
  [1.0000000001, 1.000000082690371e-10],
  [1.001, 0.0009995003330834232],
  [1.4142135623730951, 0.3465735902799727],
  [2, 0.6931471805599453],
  [2.718281828459045, 1],
  [14, 2.6390573296152584],
  [1200, 7.090076835776092],
  [1e9, 20.72326583694641],
  [1e300, 690.7755278982137],
];
const POW: readonly (readonly [x: number, y: number, z: number])[] = [
  [0.5, 0.6, 0.6597539553864471],
  [0.5, 0.8, 0.5743491774985174],
  [0.9, 15.06237, 0.20454258813775766],
  [0.11, 14.9, 5.208959836789531e-15],
  [0.65, 4.83, 0.12484510317062915],
  [0.999, 61, 0.9407945259609449],
  [0.02, 54.7, 1.1650398023328776e-93],
  [2, 0.5, 1.4142135623730951],
  [10, 3, 1000],
  [1.5, -2.25, 0.40160089049326436],
];

/* oxlint-enable oxc/approx-constant */

const RELATIVE = 1e-13;

/** Distance in units of the error that is allowed. */
const errorOf = (got: number, wanted: number): number =>
  got === wanted ? 0 : Math.abs(got - wanted) / (RELATIVE * Math.abs(wanted));

describe("portable maths", () => {
  test.for(EXP)("exp(%d) is %d", ([x, y]) => expect(errorOf(exp(x), y)).toBeLessThan(1));
  test.for(LN)("ln(%d) is %d", ([x, y]) => expect(errorOf(ln(x), y)).toBeLessThan(1));
  test.for(POW)("pow(%d, %d) is %d", ([x, y, z]) => expect(errorOf(pow(x, y), z)).toBeLessThan(1));

  test("ends of the range are those of a function that never breaks a tick", () => {
    expect([exp(1e9), exp(-1e9)]).toEqual([exp(700), exp(-700)]);
    expect([ln(0), ln(Number.POSITIVE_INFINITY), ln(-1), ln(Number.NaN)]).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.NaN,
      Number.NaN,
    ]);
    expect([pow(0, 0), pow(0, 2), pow(5, 0), pow(1, 1e9)]).toEqual([1, 0, 1, 1]);
  });

  test("ln undoes exp, and neither ever turns back", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -690, max: 690, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (x, d) => {
          expect(Math.abs(ln(exp(x)) - x)).toBeLessThanOrEqual(RELATIVE * Math.max(1, Math.abs(x)));
          expect(exp(x + d)).toBeGreaterThanOrEqual(exp(x));
          expect(ln(exp(x) * (1 + d))).toBeGreaterThanOrEqual(ln(exp(x)));
        },
      ),
    );
  });

  test("a whole power is a product", () => {
    expect([intPow(0.06, 0), intPow(0.06, 1), intPow(0.5, 4), intPow(0, 3)]).toEqual([1, 0.06, 0.0625, 0]);
  });

  test("clamp keeps a number between two others", () => {
    expect([clamp(-1, 0, 2), clamp(1, 0, 2), clamp(3, 0, 2)]).toEqual([0, 1, 2]);
  });

  test("what a tick carries has nine decimals, so that a vanishing value becomes none", () => {
    expect([round9(0.1234567894), round9(4e-10), round9(300.0000000006)]).toEqual([0.123456789, 0, 300.000000001]);
  });

  test.for([
    [0.938095, 0.938],
    [1234, 1230],
    [99_950, 100_000],
    [0.000123456, 0.000123],
    [1e-10, 0],
    [0, 0],
    [-5.6789, -5.68],
    [7, 7],
  ] as const)("%d is shown as %d", ([value, shown]) => expect(significant(value)).toBe(shown));

  test("a shown number is within half a unit of its third digit, and showing it again changes nothing", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (value) => {
        const shown = significant(value);
        expect(Math.abs(shown - value)).toBeLessThanOrEqual(0.00501 * value);
        expect(significant(shown)).toBe(shown);
      }),
    );
  });
});
