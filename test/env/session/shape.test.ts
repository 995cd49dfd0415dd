import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../../env/session/limits.ts";
import { shapeProblem } from "../../../env/session/shape.ts";

const problem = (message: object, texts = true) => shapeProblem(message, DEFAULT_LIMITS, texts);

/** A message of so many nested containers, itself included. */
function nested(depth: number, wrap: (inner: unknown) => object): object {
  let value = wrap(1);
  for (let i = 1; i < depth; i += 1) value = wrap(value);
  return value;
}
const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));

describe("the shape of a message", () => {
  for (const [name, wrap] of [
    ["objects", (inner: unknown) => ({ inner })],
    ["lists", (inner: unknown) => [inner]],
  ] as const) {
    test.for([
      [31, null],
      [32, null],
      [33, "Nested deeper than 32 levels."],
      [1000, "Nested deeper than 32 levels."],
      [100_000, "Nested deeper than 32 levels."],
    ] as const)(`%i nested ${name}: %s`, ([depth, expected]) => {
      expect(problem(nested(depth, wrap))).toBe(expected);
    });
  }

  test.for([
    [255, null],
    [256, null],
    [257, "An object with more than 256 keys."],
    [80_000, "An object with more than 256 keys."],
  ] as const)("%i keys: %s", ([count, expected]) => {
    expect(problem({ data: keys(count) })).toBe(expected);
  });

  test.for([
    [8191, null],
    [8192, null],
    [8193, "A text of more than 8192 characters."],
  ] as const)("a text of %i characters: %s", ([length, expected]) => {
    expect(problem({ data: { x: "x".repeat(length) } })).toBe(expected);
    expect(problem({ data: { x: "x".repeat(length) } }, false)).toBeNull();
  });

  test("numbers are finite", () => {
    expect(problem(JSON.parse('{"data":[1,1e308,-0]}') as object)).toBeNull();
    expect(problem(JSON.parse('{"data":[1e400]}') as object)).toBe("A number beyond all bounds.");
    expect(problem(JSON.parse('{"data":[1e400]}') as object, false)).toBeNull();
  });
});
