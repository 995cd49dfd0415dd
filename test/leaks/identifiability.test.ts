import { expect, test } from "vitest";
import { LEAST_SIGMAS, smallestGaps } from "./identifiability.ts";

test("for each pair of siblings some evidence differs beyond its display noise, at twenty seeds", () => {
  const gaps = smallestGaps(20);
  expect(gaps.length).toBeGreaterThanOrEqual(39);
  expect(gaps.filter(({ sigmas }) => sigmas <= LEAST_SIGMAS)).toEqual([]);
});
