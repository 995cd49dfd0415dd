import { expect, test } from "vitest";
import { csvText } from "../../../eval/export/csv.ts";
import { payloads } from "./payloads.ts";

/** An independent reader of RFC 4180: rows of cells, as text. */
function parsed(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < csv.length; i += 1) {
    const letter = csv[i] as string;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (csv[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === "," || letter === "\r") {
      row.push(cell);
      cell = "";
      if (letter === ",") continue;
      if (csv[i + 1] !== "\n") throw new SyntaxError(`Expected a line feed at ${i + 1}.`);
      i += 1;
      rows.push(row);
      row = [];
    } else cell += letter;
  }
  expect([quoted, row, cell]).toEqual([false, [], ""]);
  return rows;
}

const STARTS_A_FORMULA = /^[=+\-@\t\r\0＝＋－＠]/;

test("200 hostile texts read back as they were, but for an apostrophe before what would be a formula", () => {
  const texts = payloads(200);
  const rows = parsed(
    csvText(
      ["text", "n"],
      texts.map((text, i) => [text, i]),
    ),
  ).slice(1);
  expect(rows).toHaveLength(200);
  for (const [i, [text = "", n]] of rows.entries()) {
    const original = texts[i] as string;
    expect(text).toBe(STARTS_A_FORMULA.test(original) ? `'${original}` : original);
    expect(text).not.toMatch(STARTS_A_FORMULA);
    expect(n).toBe(`${i}`);
  }
});

test("numbers stay numbers, the negative ones too; flags are words and nothing is nothing", () => {
  expect(csvText(["a", "b", "c", "d", "e"], [[-0.5, 1e21, 0.1, true, null]])).toBe(
    "a,b,c,d,e\r\n-0.5,1e+21,0.1,true,\r\n",
  );
});

test("headings are guarded like cells", () => {
  expect(csvText(["=x", 'a"b'], [])).toBe('\'=x,"a""b"\r\n');
});
