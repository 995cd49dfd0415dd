/** Characters that could repaint a terminal, turn text around or break a line, as a Markdown file may be looked at raw. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffe\uffff]+/gu;

/** Characters of a name at most: longer ones would push everything else off the page. */
const LONGEST = 200;

/**
 * Text from anywhere as a code span: nothing in it is a link, an image, HTML or the end of a cell.
 * Delimited by more backquotes than it holds in a row, as CommonMark wants it; the bar is escaped for GitHub's tables.
 */
export function code(text: string): string {
  const clean = text.toWellFormed().replaceAll(UNPRINTABLE, " ").trim();
  if (clean === "") return "";
  const shown = clean.length <= LONGEST ? clean : `${clean.slice(0, LONGEST - 1).toWellFormed()}…`;
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const padding = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
  // A backslash before the bar would escape the escape; bars are rare in names, so another one stands for them.
  return `${fence}${padding}${shown.replaceAll("|", "¦")}${padding}${fence}`;
}

/** A table; cells are Markdown already. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
