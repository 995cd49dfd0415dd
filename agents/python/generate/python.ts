/** A JSON Schema, as far as this generator reads one. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** First lines of every file that is written here. */
export const banner = (about: string): string =>
  `"""${about}\n\nWritten by \`npm run gen:python\` from the catalogue of actions: do not edit.\n"""\n`;

const WIDTH = 120;
const KEYWORDS = new Set(
  `False None True and as assert async await break class continue def del elif else except finally for from global if
  import in is lambda nonlocal not or pass raise return try while with yield`.split(/\s+/),
);

/** A name that Python takes: `from` → `from_`. */
export const identifier = (name: string): string => (KEYWORDS.has(name) ? `${name}_` : name);

/** A string literal; JSON's escapes are Python's too. */
export const text = (value: string): string => JSON.stringify(value);

/** `before(a, b)after`, over several lines where one would be too long. */
export function call(before: string, items: readonly string[], after: string): string {
  const line = before + items.join(", ") + after;
  if (line.length <= WIDTH) return line;
  const margin = /^ */.exec(before)?.[0] ?? "";
  return `${before}\n${items.map((item) => `${margin}    ${item},\n`).join("")}${margin}${after}`;
}

/** What stands between the brackets of `Literal[…]`. */
export const members = (values: readonly unknown[]): string[] =>
  values.map((value) => (typeof value === "string" ? text(value) : String(value)));

/** `fired_at` → `FiredAt` */
export const pascal = (name: string): string =>
  name
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
