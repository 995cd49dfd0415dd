import { describe, expect, test } from "vitest";
import { drawCell, exchanged, likeliestCell, logProbOf } from "../../../agents/rl/choose.ts";
import { Novelty } from "../../../agents/rl/novelty.ts";

const logits = Float32Array.of(9, 9, 0, Math.log(3), 50, 0);
const masks = Float32Array.of(1, 1, 1, 1, 0, 0);

describe("choosing a cell", () => {
  test("draws by the softmax over what is allowed in the row", () => {
    const drawn = Array.from({ length: 100 }, (_, i) => drawCell(logits, masks, 2, 4, i / 100).cell);
    expect(drawn.filter((cell) => cell === 0)).toHaveLength(25);
    expect(drawn.filter((cell) => cell === 1)).toHaveLength(75);
    expect(drawCell(logits, masks, 2, 4, 0.9).logProb).toBeCloseTo(Math.log(0.75), 6);
  });

  test("never draws what is not allowed, even at the edge of the range", () => {
    expect(drawCell(logits, masks, 2, 4, 1 - Number.EPSILON / 2).cell).toBe(1);
  });

  test("says the log probability of each cell as it is drawn with", () => {
    expect(logProbOf(logits, masks, 2, 4, 0)).toBeCloseTo(Math.log(0.25), 6);
    expect(logProbOf(logits, masks, 2, 4, 1)).toBeCloseTo(Math.log(0.75), 6);
  });

  test("exchanges what was drawn as often as it should, and says with what probability", () => {
    const share = 0.2;
    const whole = [0, 1].map((wanted) => {
      const seen = new Set<number>();
      for (const first of [0, 0.5]) {
        for (const second of [0, 0.5]) {
          const draws = [first, second];
          const drawn = { cell: wanted, logProb: logProbOf(logits, masks, 2, 4, wanted) };
          const choice = exchanged(drawn, [0, 1], logits, 2, share, () => draws.shift() as number);
          expect(choice.cell).toBe(first < share ? Math.floor(2 * second) : wanted);
          if (choice.cell === wanted) seen.add(choice.logProb);
        }
      }
      expect(seen.size).toBe(1);
      return Math.exp([...seen][0] as number);
    });
    expect(whole[0]).toBeCloseTo(0.8 * 0.25 + 0.1, 6);
    expect(whole[1]).toBeCloseTo(0.8 * 0.75 + 0.1, 6);
  });

  test("takes the likeliest of those that are allowed", () => {
    expect(likeliestCell(logits, masks, 2, 4)).toBe(1);
  });
});

describe("the bonus for novelty", () => {
  test("is paid once an episode for a feature, less each time, and not for the page", () => {
    const novelty = new Novelty(2, 1);
    novelty.begin(0, Float32Array.of(1, 0));
    expect(novelty.see(0, Float32Array.of(1, 0))).toBe(0);
    expect(novelty.see(0, Float32Array.of(1, 1))).toBe(1);
    expect(novelty.see(0, Float32Array.of(1, 1))).toBe(0);
    novelty.begin(0, Float32Array.of(0, 0));
    expect(novelty.see(0, Float32Array.of(0, -1))).toBeCloseTo(Math.sqrt(0.5), 12);
  });
});
