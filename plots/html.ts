import { escapeMarkup } from "./render.ts";
import { plainText } from "./text.ts";

/** Markup that may go into a page as it is: only this module makes it, from escaped parts, or `trusted` by name. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Markup[] | null;

/**
 * A template for HTML. Every string that is put in is cleaned and escaped, for element content and quoted attributes
 * alike, so that forgetting to escape is not possible; `null` writes nothing.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = strings[0] ?? "";
  for (const [i, part] of parts.entries()) text += written(part) + (strings[i + 1] ?? "");
  return new Markup(text);
}

/** Marks text that this project made itself, such as a drawn figure, as markup. */
export const trusted = (text: string): Markup => new Markup(text);

function written(part: Part): string {
  if (part === null) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "string") return escapeMarkup(plainText(part));
  if (typeof part === "number") return `${part}`;
  return part.map(({ text }) => text).join("\n");
}
