import fc from "fast-check";

/** Texts that are no JSON. */
export const notJson: fc.Arbitrary<string> = fc.oneof(
  fc.string().filter((text) => !isJson(text)),
  fc
    .json()
    .map((text) => text.slice(0, -1))
    .filter((text) => !isJson(text)),
  fc.constantFrom("", "NaN", "{'a':1}", '{"a":Infinity}', "\uFEFF{}", '{"a":1,}', "[1", '"\u0000"', "undefined"),
);

/** JSON that is no object. */
export const notAnObject: fc.Arbitrary<string> = fc.constantFrom(
  "null",
  "5",
  '"reset"',
  "[]",
  '[{"type":"state"}]',
  "true",
);

/** JSON nested beyond the limit. */
export const tooDeep: fc.Arbitrary<string> = fc
  .constantFrom(33, 100, 5000)
  .map((depth) => "[".repeat(depth) + "]".repeat(depth));

/** An object with more keys than are read. */
export const tooWide: fc.Arbitrary<string> = fc
  .integer({ min: 257, max: 1500 })
  .map((keys) => `{${Array.from({ length: keys }, (_, i) => `"k${i}":1`).join(",")}}`);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
