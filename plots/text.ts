/** Characters of a name or label at most: longer ones would push everything else off the page. */
const MAX_LENGTH = 200;

/** Control and format characters, which include those that turn the direction of text, and separators of lines. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffe\uffff]+/gu;

/**
 * Text that is safe to show: one line, printable, well-formed, of bounded length. Names and labels may come from
 * models and strangers. Escaping for SVG and HTML is not done here but where markup is written.
 */
export function plainText(text: string): string {
  return shortened(text.toWellFormed().replaceAll(UNPRINTABLE, " ").trim(), MAX_LENGTH);
}

/** The text cut to `maxLength` characters at most, with an ellipsis where something is missing. */
export const shortened = (text: string, maxLength: number): string =>
  text.length <= maxLength ? text : `${text.slice(0, maxLength - 1).toWellFormed()}…`;

/**
 * A label for each name: clean, short, and different for different names, since a figure tells rows apart by label.
 * @param maxLength characters before a number that tells equal ones apart
 */
export function labelsFor(names: readonly string[], maxLength: number): Map<string, string> {
  const labels = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of new Set(names)) {
    const short = shortened(plainText(name), maxLength);
    let label = short;
    for (let i = 2; taken.has(label); i += 1) label = `${short} (${i})`;
    taken.add(label);
    labels.set(name, label);
  }
  return labels;
}

/** Shown where a value is absent. */
export const ABSENT = "–";

/** 0.573 → "57 %"; absent → "–". */
export const percent = (share: number | null): string => (share === null ? ABSENT : `${(100 * share).toFixed(0)} %`);

/** 0.573 → "0.57"; absent → "–". */
export const decimal = (value: number | null, digits = 2): string => (value === null ? ABSENT : value.toFixed(digits));

/** "easy" → "Easy". */
export const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** "1 task", "3 tasks". */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
