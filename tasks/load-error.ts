/** Most problems that are told at once. */
const MOST_SHOWN = 30;

/** A suite or incident that cannot be used. Each problem is a sentence that names the field and what to change. */
export class SuiteError extends Error {
  override readonly name = "SuiteError";
  readonly problems: readonly string[];

  /** @param place the file, folder or address that was to be loaded */
  constructor(place: string, problems: readonly string[]) {
    const shown = problems.slice(0, MOST_SHOWN);
    const rest = problems.length - shown.length;
    const lines = rest > 0 ? [...shown, `… and ${rest} more.`] : shown;
    super(lines.length === 1 ? `${place}: ${lines[0]}` : `${place}:\n${lines.map((line) => `  ${line}`).join("\n")}`);
    this.problems = problems;
  }
}

const MOST_CHARACTERS = 60;

/** A value as a message quotes it: JSON, cut short. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}

/** `siblings[0].load`; the whole is "the definition". */
export function placeOf(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return text === "" ? "the definition" : text.replace(/^\./, "");
}
