import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { plainText } from "./text.ts";
import { THEME } from "./theme.ts";

/** A figure before it is drawn. */
export interface Figure {
  /** What the figure shows, in a few words. */
  readonly title: string;
  /** What a reader who cannot see it should know. */
  readonly description: string;
  readonly spec: TopLevelSpec;
}

/** Mean width of a character of the theme's fonts, in em. Generous: too much room is better than clipped text. */
const CHARACTER_EM = 0.62;

interface TextMetrics {
  width: (item: { fontSize?: number }, text: string | number | null) => number;
}

// Vega measures text by a canvas where the optional package is installed and guesses where it is not, so the same
// figure would come out differently on two machines. The typings leave this seam out; the module exports it.
(vega as unknown as { textMetrics: TextMetrics }).textMetrics.width = (item, text) =>
  Math.ceil(CHARACTER_EM * (item.fontSize ?? 11) * `${text ?? ""}`.length);

/** A figure is all its data: nothing may be fetched or read while it is drawn. */
const REFUSE_ALL = {
  load: () => Promise.reject(new Error("Figures load nothing.")),
  sanitize: () => Promise.reject(new Error("Figures link to nothing.")),
  http: () => Promise.reject(new Error("Figures fetch nothing.")),
  file: () => Promise.reject(new Error("Figures read nothing.")),
};

/**
 * Draws a figure as a standalone SVG document with a title and a description; the same figure gives the same bytes.
 * Needs no DOM.
 */
export async function renderSvg({ title, description, spec }: Figure): Promise<string> {
  const compiled = compile(spec, { config: THEME }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: "none", loader: REFUSE_ALL });
  try {
    const svg = quotesEscaped(await view.toSVG());
    const label = escapeMarkup(plainText(title));
    const text = `<title>${label}</title><desc>${escapeMarkup(plainText(description))}</desc>`;
    return svg.replace(/^<svg [^>]*>/, (open) => `${open.slice(0, -1)} role="img" aria-label="${label}">${text}`);
  } finally {
    view.finalize();
  }
}

/** Vega leaves quotes in text as they are, which is legal; escaped, no text can look like an attribute. */
const quotesEscaped = (svg: string): string =>
  svg.replaceAll(/>[^<]+</g, (content) => content.replaceAll('"', "&quot;").replaceAll("'", "&#39;"));

/** The same SVG for use inside an HTML page, where namespaces are implied. */
export const inlineSvg = (svg: string): string =>
  svg.replace(/^<svg [^>]*>/, (open) => open.replaceAll(/ (?:xmlns(?::\w+)?|version)="[^"]*"/g, ""));

/** Escapes text for element content and for attributes in double or single quotes, in HTML and XML alike. */
export function escapeMarkup(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
