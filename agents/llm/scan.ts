/** Longer than any action, so that a text of opening brackets alone costs little. */
const LONGEST_SPAN = 10_000;

/**
 * Where the bracket that opens at `open` is closed.
 * @param pair opening and closing bracket
 * @returns the place behind the closing bracket; null when there is none. Brackets inside of JSON strings do not count
 */
export function closing(text: string, open: number, pair: "{}" | "()"): number | null {
  const end = Math.min(text.length, open + LONGEST_SPAN);
  let depth = 0;
  let quoted = false;
  for (let i = open; i < end; i += 1) {
    const char = text[i];
    if (quoted && char === "\\") i += 1;
    else if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === pair[0]) depth += 1;
    else if (char === pair[1]) depth -= 1;
    if (depth === 0) return i + 1;
  }
  return null;
}

/** What a sticky pattern matches at a place. */
export function stickyMatch(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
