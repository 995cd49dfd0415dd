import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { exp, ln, pow } from "../../../env/core/maths.ts";

/** Stable, not claimed right: the same bits on every Node version and processor, until the environment version rises. */
test("10,000 results have the bits that they always had", () => {
  const results = new DataView(new ArrayBuffer(8 * 10_000));
  for (let i = 0; i < 10_000; i += 1) {
    const x = (i + 1) / 997; // 0.001 … 10.03
    const result = i % 3 === 0 ? exp((x - 5) * 60) : i % 3 === 1 ? ln(x * x * x) : pow(x / 10.03, 1 + (i % 57));
    results.setFloat64(8 * i, result);
  }
  expect(createHash("sha256").update(results).digest("hex")).toMatchInlineSnapshot(
    `"502bbacfd0662c8e12f93cc32a0306d78eee8914f18e56d914f6811597876231"`,
  );
});
