/** Something stored that is not as it should be. */
export interface Problem {
  /** The field or row concerned. */
  readonly what: string;
  /** What was expected, and what is stored. */
  readonly detail: string;
  /** Whose results alone it concerns; absent where it is about all. */
  readonly variantId?: string;
}

/** The same, of one variant. */
export const concerning = (variantId: string, problems: readonly Problem[]): Problem[] =>
  problems.map((problem) => ({ ...problem, variantId }));

/** A problem where a value differs; none where it is equal. Compared as canonical JSON would be. */
export function unlessEqual(what: string, expected: unknown, stored: unknown): Problem[] {
  return isSame(expected, stored) ? [] : [{ what, detail: `expected ${shown(expected)}, stored ${shown(stored)}` }];
}

/** Deep equality of JSON values. A property that is `undefined` is none. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

const LONGEST_VALUE = 80;

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1).toWellFormed()}…`;
}
