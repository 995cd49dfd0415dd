import fc from "fast-check";
import { expect, test } from "vitest";
import { holm } from "../../../eval/stats/holm.ts";
import { rankRanges } from "../../../eval/stats/ranks.ts";

test("Holm's adjustment equals R's p.adjust", () => {
  // p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm"): 0.03 0.06 0.06 0.02
  expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Math.round((p as number) * 1e6) / 1e6)).toEqual([
    0.03, 0.06, 0.06, 0.02,
  ]);
});

test("an absent p stays absent and is not counted as a test", () => {
  expect(holm([null, 0.02, null])).toEqual([null, 0.02, null]);
  expect(holm([])).toEqual([]);
});

test("adjusted values are at most 1, at least the given ones, and in the same order", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (given) => {
      const adjusted = holm(given) as number[];
      const ascending = given.map((p, i) => [p, adjusted[i] as number] as const).toSorted(([p], [q]) => p - q);
      const inOrder = ascending.map(([, p]) => p);
      expect(inOrder).toEqual(inOrder.toSorted((p, q) => p - q));
      for (const [p, q] of ascending) {
        expect(q).toBeGreaterThanOrEqual(p);
        expect(q).toBeLessThanOrEqual(1);
      }
    }),
  );
});

const entries = [
  { name: "expert", value: 1 },
  { name: "model", value: 0.5 },
  { name: "runbook", value: 0.45 },
  { name: "random", value: 0 },
];
const against = (a: string, b: string, difference: number, pValue: number) => ({ a, b, difference, pValue });

test("entries that the data do not separate share a range of ranks", () => {
  const ranges = rankRanges(entries, [
    against("expert", "model", 0.5, 0.0001),
    against("expert", "runbook", 0.55, 0.0001),
    against("expert", "random", 1, 0.0001),
    against("model", "runbook", 0.05, 0.6),
    against("random", "model", -0.5, 0.0001),
    against("runbook", "random", 0.45, 0.0001),
  ]);
  expect(ranges.map(({ name, label, tiedForFirst }) => [name, label, tiedForFirst])).toEqual([
    ["expert", "1", true],
    ["model", "2–3", false],
    ["runbook", "2–3", false],
    ["random", "4", false],
  ]);
});

test("a p that only looks significant before adjustment separates nobody", () => {
  const ranges = rankRanges(entries.slice(0, 3), [
    against("expert", "model", 0.5, 0.04),
    against("expert", "runbook", 0.55, 0.04),
    against("model", "runbook", 0.05, 0.04),
  ]);
  expect(ranges.map(({ label }) => label)).toEqual(["1–3", "1–3", "1–3"]);
});

test("without values nobody is first, and without entries there are no ranks", () => {
  expect(rankRanges([{ name: "lost", value: null }], [])).toEqual([
    { name: "lost", best: 1, worst: 1, label: "1", tiedForFirst: false },
  ]);
  expect(rankRanges([], [])).toEqual([]);
});
