import fc from "fast-check";
import { expect, test } from "vitest";
import { alignPairs, type PairedEpisode } from "../../../eval/stats/align.ts";
import { mcnemar } from "../../../eval/stats/mcnemar.ts";
import { compareScores, compareSuccess } from "../../../eval/stats/paired.ts";
import { pairsNeeded, smallestDetectable } from "../../../eval/stats/power.ts";

/** One trial per task, seeds 1, 2, …; `null` for an unscored episode. */
const episodes = (...values: readonly (number | null)[]): PairedEpisode[] =>
  values.map((value, i) => ({ taskId: `t${i}`, seed: i + 1, value }));

test.each([
  [1, 7, 18 / 256],
  [1, 8, 20 / 512],
  [0, 6, 2 / 64],
  [0, 0, 1],
  [5, 5, 1],
  [5, 6, 1],
])("McNemar %i : %i has p = %f", (onlyA, onlyB, p) => {
  expect(mcnemar(onlyA, onlyB)).toBeCloseTo(p, 12);
  expect(mcnemar(onlyB, onlyA)).toBe(mcnemar(onlyA, onlyB));
});

test("McNemar rounds to the published 0.070, 0.039 and 0.031", () => {
  expect([mcnemar(1, 7), mcnemar(1, 8), mcnemar(0, 6)].map((p) => p.toFixed(3))).toEqual(["0.070", "0.039", "0.031"]);
});

test("McNemar is the sum of binomial terms", () => {
  fc.assert(
    fc.property(fc.nat(12), fc.nat(12), (onlyA, onlyB) => {
      const n = onlyA + onlyB;
      let [term, tail] = [1, 0];
      for (let i = 0; i <= Math.min(onlyA, onlyB); i += 1) {
        tail += term;
        term = (term * (n - i)) / (i + 1);
      }
      expect(mcnemar(onlyA, onlyB)).toBeCloseTo(Math.min(1, (2 * tail) / 2 ** n), 12);
    }),
  );
});

test("the smallest detectable differences of the published table come out", () => {
  expect(smallestDetectable(40)).toBeCloseTo(0.22, 2);
  expect(pairsNeeded(0.2)).toBe(50);
  expect(pairsNeeded(0.1)).toBe(197);
  expect(smallestDetectable(0)).toBeNull();
});

test("pairs with an unscored side are dropped and counted by side", () => {
  const aligned = alignPairs(episodes(1, null, 0, null), [
    ...episodes(1, 1, null, null),
    { taskId: "b", seed: 9, value: 1 },
  ]);
  expect(aligned).toEqual({
    pairs: [{ taskId: "t0", seed: 1, a: 1, b: 1 }],
    missingA: 2,
    missingB: 1,
    missingBoth: 1,
  });
});

test("a repeated episode does not lose its earlier score", () => {
  const again = [...episodes(1), { taskId: "t0", seed: 1, value: null }];
  expect(alignPairs(again, episodes(0)).pairs).toHaveLength(1);
});

test("with one trial per task successes are compared by McNemar, with the task ids of each cell", () => {
  const a = episodes(1, 1, 1, 1, 1, 1, 1, 0, 1, 0);
  const b = episodes(0, 0, 0, 0, 0, 0, 0, 1, 1, 0);
  expect(compareSuccess(a, b, 1)).toMatchObject({
    test: "mcnemar",
    pairs: 10,
    both: ["t8"],
    onlyA: ["t0", "t1", "t2", "t3", "t4", "t5", "t6"],
    onlyB: ["t7"],
    neither: ["t9"],
    pValue: mcnemar(7, 1),
    difference: { value: 0.6, n: 10, tasks: 10 },
  });
});

/** Six tasks of two trials, all with the same value. */
const trials = (value: number): PairedEpisode[] =>
  [0, 1, 2, 3, 4, 5].flatMap((task) => [1, 2].map((seed) => ({ taskId: `t${task}`, seed, value })));

test("with several trials per task the permutation of task differences decides", () => {
  const comparison = compareSuccess(trials(1), trials(0), 1);
  expect(comparison).toMatchObject({ test: "sign_flip", pairs: 12, pValue: 2 / 64 });
  expect(comparison.difference).toMatchObject({ value: 1, tasks: 6, lower: null, upper: null });
});

test("without a common page there is no difference and no p", () => {
  expect(compareSuccess([], episodes(1), 1)).toMatchObject({
    pairs: 0,
    pValue: null,
    smallestDetectable: null,
    difference: { value: null, n: 0 },
  });
});

test("swapping the agents turns the sign and keeps p", () => {
  const score = fc.oneof(fc.constant(null), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.array(fc.tuple(score, score), { maxLength: 10 }), (values) => {
      const [a, b] = [episodes(...values.map(([x]) => x)), episodes(...values.map(([, y]) => y))];
      const forth = compareScores(a, b, 1);
      const back = compareScores(b, a, 1);
      expect(back.pValue).toBe(forth.pValue);
      expect((back.difference.value ?? 0) + (forth.difference.value ?? 0)).toBeCloseTo(0, 12);
    }),
  );
});
