import { describe, expect, test } from "vitest";
import { rngFor, wholeNumber } from "../../env/core/rng.ts";
import { commonest, NaiveBayes, nearest, onLogScale, tokensOf } from "./classifier.ts";

/** Twenty words of chance and one that gives the answer away in `told` of the cases. */
const samples = (seeds: number, told: number) =>
  Array.from({ length: seeds }, (_, seed) => {
    const rng = rngFor(seed, "words", 0);
    const answer = rng() < 0.5 ? "left" : "right";
    const words = Array.from({ length: 20 }, () => `word-${wholeNumber(rng, 0, 99)}`);
    return { answer, tokens: rng() < told ? [...words, `turn-${answer}`] : words };
  });

/** On 300 samples, after learning from 700. */
const accuracy = (told: number) => {
  const bayes = new NaiveBayes();
  const all = samples(1000, told);
  for (const sample of all.slice(0, 700)) bayes.learn(sample);
  return all.slice(700).filter(({ tokens, answer }) => bayes.predict(tokens) === answer).length / 300;
};

describe("naive Bayes", () => {
  test("finds a planted word", () => {
    expect(accuracy(1)).toBe(1);
    expect(accuracy(0.5)).toBeGreaterThan(0.65);
  });

  test("finds nothing in chance", () => {
    expect(accuracy(0)).toBeLessThan(0.6);
  });

  test("forgets what it learnt", () => {
    const bayes = new NaiveBayes();
    for (let i = 0; i < 10; i += 1) bayes.learn({ answer: "a", tokens: ["x", "y"] });
    for (let i = 0; i < 6; i += 1) bayes.learn({ answer: "b", tokens: ["x"] });
    for (let i = 0; i < 10; i += 1) bayes.forget({ answer: "a", tokens: ["x", "y"] });
    expect(bayes.predict(["x", "y"])).toBe("b");
    for (let i = 0; i < 6; i += 1) bayes.forget({ answer: "b", tokens: ["x"] });
    expect(() => bayes.predict(["x"])).toThrow("Nothing was learnt.");
  });
});

test("nearest neighbours find a planted number that is never the same twice", () => {
  const rng = rngFor(1, "points", 0);
  const points = Array.from({ length: 600 }, () => {
    const value = rng();
    return { at: [rng() / 10, value], answer: value < 0.3 ? "low" : "high" };
  });
  const right = points.slice(400).filter(({ at, answer }) => nearest(points.slice(0, 400), at) === answer);
  expect(right.length).toBeGreaterThan(190);
});

test("the commonest answer is the best constant one", () => {
  expect(commonest(["a", "b", "b"])).toBe("b");
  expect(() => commonest([])).toThrow("There are no answers.");
});

test("every leaf becomes a token under its path, a number also by its size", () => {
  expect(tokensOf({ slo: [{ ok: true, current: 0.88 }], text: "two words" })).toEqual([
    ".slo.ok=true",
    ".slo.current=0.88",
    `.slo.current~${Math.round(2 * onLogScale(0.88))}`,
    ".text:two",
    ".text:words",
  ]);
});
