import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../../env/store/canonical.ts";

test("keys are sorted by code unit, not by locale or by code point", () => {
  const keys = ["b", "B", "é", "a", "\u{1F600}", "\uFFFD", "10", "9"];
  const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
  expect(text).toBe(`{"10":0,"9":0,"B":0,"a":0,"b":0,"é":0,"😀":0,"\uFFFD":0}`);
});

test("equal values give equal bytes, whatever the order of their keys", () => {
  expect(canonicalJson({ a: [1, { c: 2, b: 3 }], d: null })).toBe(canonicalJson({ d: null, a: [1, { b: 3, c: 2 }] }));
  expect(canonicalJson({ a: -0, b: 1e21, c: 0.1 + 0.2 })).toBe('{"a":0,"b":1e+21,"c":0.30000000000000004}');
  expect(canonicalJson({ a: 1, left_out: undefined })).toBe('{"a":1}');
});

test("any JSON value comes back equal, and its text is a fixed point", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
  );
});

test.each([
  [{ a: [0, { b: NaN }] }, "a[1].b: expected a finite number, got NaN"],
  [[-Infinity], "[0]: expected a finite number, got -Infinity"],
  [{ a: "\udc00" }, "a: expected well-formed Unicode, got a lone surrogate"],
  [{ "\ud800": 1 }, "expected well-formed Unicode"],
  [[undefined], "[0]: expected a JSON value, got undefined"],
  [{ a: 1n }, "a: expected a JSON value, got bigint"],
  [{ a: new Date(0) }, "a: expected a plain object, got a class instance"],
  [() => 0, "expected a JSON value, got function"],
])("what JSON would change is refused with its place: %o", (value, message) => {
  expect(() => canonicalJson(value)).toThrow(message);
});

test("a cycle is refused, not followed", () => {
  const value: Record<string, unknown> = {};
  value["self"] = value;
  expect(() => canonicalJson(value)).toThrow("at most 64 levels");
});
