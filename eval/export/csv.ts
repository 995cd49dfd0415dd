/** A cell: text is guarded against formulas, numbers and flags are written as they are, null as nothing. */
export type Cell = string | number | boolean | null;

/** What makes a spreadsheet take a text for a formula, in both widths, or hides that it does. */
const FORMULA = /^[=+\-@\t\r\0\uff1d\uff0b\uff0d\uff20]/;

/** What a reader could take for the end of a cell or a row, or cut off. */
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/**
 * A table as RFC 4180 has it: commas, CRLF, quotes doubled inside quotes. A text that a spreadsheet would run as a
 * formula gets an apostrophe in front, which spreadsheets do not show.
 */
export const csvText = (head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [head, ...rows].map((row) => `${row.map(cellText).join(",")}\r\n`).join("");

function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return `${cell}`;
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
