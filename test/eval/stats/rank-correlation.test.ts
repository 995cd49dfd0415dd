import { expect, test } from "vitest";
import { rankCorrelation } from "../../../eval/stats/rank-correlation.ts";

/** IQ and hours of television a week: the worked example of the article on Spearman's coefficient in Wikipedia. */
const PUBLISHED = [
  [106, 7],
  [100, 27],
  [86, 2],
  [101, 50],
  [99, 28],
  [103, 29],
  [97, 20],
  [113, 12],
  [112, 6],
  [110, 17],
] as const;

test("agrees with a published example", () => {
  expect(rankCorrelation(PUBLISHED)).toBeCloseTo(-29 / 165, 12);
});

test("any rising curve is 1, any falling one −1", () => {
  const rising = [1, 2, 5, 9].map((x) => [x, x * x * x] as const);
  expect(rankCorrelation(rising)).toBeCloseTo(1, 12);
  expect(rankCorrelation(rising.map(([x, y]) => [x, -y] as const))).toBeCloseTo(-1, 12);
});

test("equal values share their ranks", () => {
  // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: by hand 4.5 / √(4.5 · 5).
  const pairs = [
    [1, 10],
    [2, 20],
    [2, 30],
    [3, 40],
  ] as const;
  expect(rankCorrelation(pairs)).toBeCloseTo(4.5 / Math.sqrt(22.5), 12);
});

test("is absent over too little, and where one side does not vary", () => {
  const two = PUBLISHED.slice(0, 2);
  expect(rankCorrelation(two)).toBeNull();
  expect(rankCorrelation(PUBLISHED.map(([x]) => [x, 1] as const))).toBeNull();
});
