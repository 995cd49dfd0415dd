import { expect, test } from "vitest";
import { code, markdownTable } from "../../../eval/export/markdown.ts";
import { payloads } from "./payloads.ts";

/** The content of a text that is one whole code span of CommonMark; null when it is anything else. */
function spanContent(text: string): string | null {
  const [fence = ""] = /^`+/.exec(text) ?? [];
  if (fence === "" || !text.endsWith(fence) || text.length <= 2 * fence.length) return null;
  const inner = text.slice(fence.length, -fence.length);
  const runs = inner.match(/`+/g) ?? [];
  if (runs.some((run) => run.length === fence.length)) return null;
  return inner.startsWith(" ") && inner.endsWith(" ") && inner.trim() !== "" ? inner.slice(1, -1) : inner;
}

test("200 hostile texts are one code span each, on one line, without a bar or a control character", () => {
  for (const text of payloads(200)) {
    const span = code(text);
    expect(span).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}|]/u);
    const isBlank = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]/gu, "") === "";
    expect([text, isBlank ? span === "" : spanContent(span) !== null]).toEqual([text, true]);
  }
});

test("a harmless name stays as it is", () => {
  expect(spanContent(code("tools:qwen/qwen3.5-397b"))).toBe("tools:qwen/qwen3.5-397b");
  expect(spanContent(code("a`b"))).toBe("a`b");
  expect(spanContent(code("`"))).toBe("`");
});

test("a table of hostile cells has as many cells in each row as in its head", () => {
  const table = markdownTable(
    ["a", "b"],
    payloads(200).map((text) => [code(text), "1"]),
  );
  const lines = table.split("\n");
  expect(lines).toHaveLength(202);
  for (const line of lines) expect(line.split("|")).toHaveLength(4);
});
