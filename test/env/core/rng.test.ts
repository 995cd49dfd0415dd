import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hashNoise, hashText, hexDigits, pick, rngFor, shuffled, uniform, wholeNumber } from "../../../env/core/rng.ts";

/** Standard deviation of a uniform number in [0, 1). */
const SIGMA = Math.sqrt(1 / 12);
/** Standard errors that a fixed sample may lie off: it does or it does not, whenever this runs. */
const ERRORS = 4.5;
const BINS = 64;
/** χ² with 63 degrees of freedom exceeds this once in a million. */
const CHI_SQUARE = 132;

/** What is not uniform in a list; empty when all is well. */
function unevenness(draws: readonly number[]): string {
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  const off = Math.abs(mean - 0.5) / (SIGMA / Math.sqrt(draws.length));
  const bins = Array.from({ length: BINS }, () => 0);
  for (const draw of draws) bins[Math.floor(draw * BINS)] = (bins[Math.floor(draw * BINS)] ?? 0) + 1;
  const expected = draws.length / BINS;
  const chi = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return `${off < ERRORS ? "" : `mean ${mean}`}${chi < CHI_SQUARE ? "" : `χ² ${chi}`}`;
}

/** Standard errors by which neighbours in a list say something of each other. */
function correlation(draws: readonly number[]): number {
  let sum = 0;
  for (let i = 1; i < draws.length; i += 1) sum += ((draws[i] as number) - 0.5) * ((draws[i - 1] as number) - 0.5);
  return (Math.abs(sum / (draws.length - 1)) / (SIGMA * SIGMA)) * Math.sqrt(draws.length);
}

/** The first draws for a purpose. */
function drawn(purpose: string, count: number): number[] {
  const rng = rngFor(7, purpose, 3);
  return Array.from({ length: count }, () => rng());
}

const first = (seed: number, purpose: string, tick: number): number => rngFor(seed, purpose, tick)();
const ascending = (a: number, b: number): number => a - b;

describe("keyed randomness", () => {
  test("a draw depends on its key alone, whatever else is drawn before or between", () => {
    const alone = drawn("latency", 5);
    const rng = rngFor(7, "latency", 3);
    const between = alone.map(() => {
      drawn("logs", 3);
      return rng();
    });
    expect(between).toEqual(alone);
  });

  test("seed, purpose and tick each make another sequence", () => {
    const keys = [
      first(1, "a", 0),
      first(2, "a", 0),
      first(1, "b", 0),
      first(1, "a", 1),
      first(11, "a", 0),
      first(1, "a/0", 0),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test.for(["strength", "names", "logs/cache", "deviations/database"])(
    "first draws of %s over neighbouring ticks are uniform and uncorrelated",
    (purpose) => {
      const draws = Array.from({ length: 5000 }, (_, tick) => rngFor(11, purpose, tick)());
      expect(unevenness(draws)).toBe("");
      expect(correlation(draws)).toBeLessThan(ERRORS);
    },
  );

  test("correlations over a thousand purposes spread like those of independent draws", () => {
    const squares = Array.from(
      { length: 1000 },
      (_, purpose) => correlation(Array.from({ length: 200 }, (__, tick) => first(3, `purpose-${purpose}`, tick))) ** 2,
    );
    // 1 ± 0.05 for independent draws; 1.6 for generators that keep their first draw.
    expect(squares.reduce((sum, square) => sum + square, 0) / squares.length).toBeLessThan(1.2);
  });

  test("first draws of neighbouring seeds are uniform and uncorrelated", () => {
    const draws = Array.from({ length: 5000 }, (_, seed) => rngFor(1_000_000 + seed, "instance/inc-108", 0)());
    expect(unevenness(draws)).toBe("");
    expect(correlation(draws)).toBeLessThan(ERRORS);
  });

  test("whole numbers reach both ends, and nothing lies outside", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: -50, max: 50 }), fc.nat({ max: 20 }), (seed, low, width) => {
        const rng = rngFor(seed, "whole", 0);
        const draws = Array.from({ length: 20 * (width + 1) }, () => wholeNumber(rng, low, low + width));
        expect(draws.every((draw) => Number.isInteger(draw) && draw >= low && draw <= low + width)).toBe(true);
        expect(new Set(draws).size).toBeGreaterThan(width < 4 ? width : 3);
        const real = uniform(rng, low, low + width);
        expect(real >= low && real <= low + width).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test("a shuffle keeps every item and leaves the list as it was", () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat()), (seed, items) => {
        const before = [...items];
        expect(shuffled(rngFor(seed, "shuffle", 0), items).toSorted(ascending)).toEqual(items.toSorted(ascending));
        expect(items).toEqual(before);
      }),
    );
  });

  test("picking from nothing is an error, not an undefined", () => {
    expect(() => pick(rngFor(1, "pick", 0), [])).toThrow(RangeError);
    expect(pick(rngFor(1, "pick", 0), ["only"])).toBe("only");
  });

  test("opaque ids are digits of the length asked for", () => {
    expect(hexDigits(rngFor(1, "id", 0), 9)).toMatch(/^[0-9a-f]{9}$/);
    expect(hashText("")).toMatch(/^[0-9a-f]{12}$/);
    const texts = Array.from({ length: 5000 }, (_, i) => hashText(`page ${i}`));
    expect(new Set(texts).size).toBe(texts.length);
  });
});

describe("display noise", () => {
  test("lies in [−1, 1) for any key, tick and row", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 5000 }), fc.nat({ max: 300 }), (key, tick, row) => {
        const noise = hashNoise(key, tick, row);
        expect(noise >= -1 && noise < 1).toBe(true);
        expect(hashNoise(key, tick, row)).toBe(noise);
      }),
    );
  });

  test.for([
    ["ticks", (i: number) => hashNoise(0x1234567, i, 40)],
    ["rows", (i: number) => hashNoise(0x1234567, 40, i)],
    ["keys", (i: number) => hashNoise(i, 40, 7)],
  ] as const)("is uniform and uncorrelated over neighbouring %s", ([, noise]) => {
    const draws = Array.from({ length: 20_000 }, (_, i) => (noise(i) + 1) / 2);
    expect(unevenness(draws)).toBe("");
    expect(correlation(draws)).toBeLessThan(ERRORS);
  });
});
