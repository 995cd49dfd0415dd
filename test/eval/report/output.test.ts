import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import {
  helpOutput,
  jsonText,
  note,
  print,
  printable,
  printFile,
  printJson,
  printJsonLine,
  printLine,
  printTable,
} from "../../../eval/cli/output.ts";
import { ACTS_ON_A_TERMINAL, payloads } from "../export/payloads.ts";

const PAYLOADS = payloads(300);

/** What a function writes to either stream. */
function written(write: () => void): string {
  let text = "";
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((part) => ((text += String(part)), true)),
  );
  try {
    write();
    return text;
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test.each<[string, (text: string) => void]>([
  ["print", print],
  ["printLine", printLine],
  ["note", note],
  ["a table's cell", (text) => printTable(["head"], [[text]])],
  ["a table's head", (text) => printTable([text], [["cell"]])],
  ["help", helpOutput.writeErr],
  ["JSON", printJson],
  ["JSON, as a key", (text) => printJson({ [text]: text })],
  ["a line of JSON", (text) => printJsonLine({ [text]: text })],
])("%s writes 300 hostile texts as nothing but printable ones", (_, write) => {
  for (const text of PAYLOADS) expect(written(() => write(text))).not.toMatch(ACTS_ON_A_TERMINAL);
});

test("a table keeps one line for each row, whatever stands in its cells", () => {
  for (const text of PAYLOADS) {
    expect(
      written(() => printTable(["head"], [[text], ["b"]]))
        .trimEnd()
        .split("\n"),
    ).toHaveLength(5);
  }
});

test("JSON gives back what was printed, byte for byte", () => {
  for (const text of [...PAYLOADS, "\ud800 alone"]) {
    const value = { [text]: [text, { deep: text }] };
    expect(JSON.parse(jsonText(value, 2))).toEqual(value);
  }
});

test("a file's text is left alone on its way into a pipe, and made safe for a terminal", () => {
  const text = "a\u001b[2Jb\r\n";
  const tty = process.stdout.isTTY;
  process.stdout.isTTY = false;
  expect(written(() => printFile(text))).toBe(text);
  process.stdout.isTTY = true;
  expect(written(() => printFile(text))).toBe("a[2Jb\n");
  process.stdout.isTTY = tty;
});

test("text in any script stays as it is", () => {
  for (const text of ["Grüße", "日本語", "שלום", "🙂", "a\tb\nc", "≥ 0.5 – 1–2 │"]) expect(printable(text)).toBe(text);
});

test("no other file of the command line prints", () => {
  const folder = join(import.meta.dirname, "..", "..", "..", "eval", "cli");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const printing = files.filter((name) =>
    /process\.std(?:out|err)\.write|console\.(?!assert)/.test(readFileSync(join(folder, name), "utf8")),
  );
  expect(printing).toEqual(["output.ts"]);
});
