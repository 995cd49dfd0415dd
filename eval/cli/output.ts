import Table from "cli-table3";

/**
 * What could repaint a terminal or reorder what it shows: control characters, which include those that begin escape
 * sequences, format characters, which include those that turn the direction of text, and separators of lines. Newlines
 * and tabs are kept.
 */
const UNPRINTABLE = /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

/** Text from anywhere, made safe to print. */
export const printable = (text: string): string => text.toWellFormed().replace(UNPRINTABLE, "");

/** The same on one line. */
export const printableLine = (text: string): string => printable(text).replaceAll(/\s+/g, " ").trim();

/** Data goes to stdout, one call a line. The only place that prints data. */
export const print = (text: string): void => void process.stdout.write(`${printable(text)}\n`);

/** One line of data: what it quotes cannot begin another one. */
export const printLine = (text: string): void => print(printable(text).replaceAll(/[\n\t]+/g, " "));

/** JSON text that is as harmless as it is complete: what a terminal could act on stands as an escape. */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(UNPRINTABLE, unicodeEscapes);

const unicodeEscapes = (text: string): string =>
  Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`).join("");

/** One JSON document. Parsing it gives the value back, byte for byte. */
export const printJson = (value: unknown): void => void process.stdout.write(`${jsonText(value, 2)}\n`);

/** One JSON document on a line of its own, in a stream of them. */
export const printJsonLine = (value: unknown): void => void process.stdout.write(`${jsonText(value)}\n`);

/** A file's text as it is, for a pipe or a redirection; on a terminal made safe to look at. */
export const printFile = (text: string): void =>
  void process.stdout.write(process.stdout.isTTY ? printable(text) : text);

/** Progress and remarks go to stderr. */
export const note = (text: string): void => void process.stderr.write(`${printable(text)}\n`);

/** How the command line's own help and complaints are written: they may quote what was typed. */
export const helpOutput = {
  writeOut: (text: string): void => void process.stdout.write(printable(text)),
  writeErr: (text: string): void => void process.stderr.write(printable(text)),
};

/** A table in plain characters, without a newline at its end. */
export function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: head.map(printableLine),
    style: { head: [], border: [], compact: true },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const row of rows) table.push(row.map(printableLine));
  return table.toString();
}

export const printTable = (head: readonly string[], rows: readonly (readonly string[])[]): void =>
  void process.stdout.write(`${tableText(head, rows)}\n`);
