import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clockTime, isoTime, TICK_SECONDS, ticks } from "../../../env/core/time.ts";

const YEAR = 365 * 86_400;

describe("simulated time", () => {
  test("a span is whole ticks, rounded up", () => {
    expect(TICK_SECONDS).toBe(15);
    expect([ticks(2, "min"), ticks(1, "h"), ticks(15, "s"), ticks(16, "s"), ticks(0, "min")]).toEqual([
      8, 240, 1, 2, 0,
    ]);
  });

  test("an instant reads as in any calendar", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: YEAR - 1 }), (seconds) => {
        const wanted = new Date(Date.UTC(2031, 0, 1) + seconds * 1000).toISOString().replace(".000Z", "Z");
        expect(isoTime(seconds)).toBe(wanted);
        expect(clockTime(seconds)).toBe(wanted.slice(11, 19));
      }),
      { examples: [[0], [YEAR - 1], [31 * 86_400 - 1], [31 * 86_400], [59 * 86_400]] },
    );
  });

  test("the time of day before the start is that of the day before", () => {
    expect([clockTime(-1), clockTime(-86_400), clockTime(86_400)]).toEqual(["23:59:59", "00:00:00", "00:00:00"]);
  });
});
