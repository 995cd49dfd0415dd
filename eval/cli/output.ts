import Table from "cli-table3";

/** Control and direction characters that could repaint a terminal; newlines and tabs are kept. */
// oxlint-disable-next-line no-control-regex -- these characters are what it is about
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text from anywhere, made safe to print. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, "");

/** Data goes to stdout, one call a line. The only place that prints data. */
export const print = (text: string): void => void process.stdout.write(`${printable(text)}\n`);

/** JSON goes out as it is: its own escapes keep it harmless. */
export const printJson = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);

/** Progress and remarks go to stderr. */
export const note = (text: string): void => void process.stderr.write(`${printable(text)}\n`);

/** A table in plain characters, without a newline at its end. */
export function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const row of rows) table.push(row.map((cell) => printable(cell).replaceAll(/\s+/g, " ")));
  return table.toString();
}

export const printTable = (head: readonly string[], rows: readonly (readonly string[])[]): void =>
  void process.stdout.write(`${tableText(head, rows)}\n`);
