import { expect, test } from "vitest";
import { drawLearningCurve, learningCurve } from "../../plots/learning-curve.ts";
import type { LearningPoint } from "../../plots/learning-curve.ts";

const points: LearningPoint[] = [
  { steps: 1000, bands: "easy", score: 0.01, evalScore: null, evalSuccess: null },
  { steps: 2000, bands: "easy", score: 0.2, evalScore: 0.25, evalSuccess: 0.125 },
  { steps: 3000, bands: "easy+medium", score: 0.1, evalScore: null, evalSuccess: null },
];

test("the learning curve names its series, marks where harder incidents came in, and says the last figures", async () => {
  const svg = await drawLearningCurve(points);
  for (const text of ["score in training", "score, unseen seeds", "success, unseen seeds", "easy, medium"]) {
    expect(svg).toContain(text);
  }
  expect(learningCurve(points)?.description).toContain("over 3000 steps");
  expect(learningCurve(points)?.description).toContain("score 0.25, success 0.13");
  expect(await drawLearningCurve(points)).toBe(svg);
});

test("without a point there is no figure", async () => {
  expect(await drawLearningCurve([])).toBeNull();
});
