import { html, trusted, type Markup } from "./html.ts";
import { inlineSvg, renderSvg, type Figure } from "./render.ts";

/** Stands where a section has nothing to show. */
export const EMPTY = html`<p class="empty">Nothing to show: this run has no such episodes.</p>`;

/** A figure inside the page, with a caption. */
export async function figureOf(figure: Figure | null, caption: string): Promise<Markup> {
  if (figure === null) return EMPTY;
  return html`<figure>
    <div class="card" role="region" aria-label="${figure.title}" tabindex="0">
      ${trusted(inlineSvg(await renderSvg(figure)))}
    </div>
    <figcaption>${caption}</figcaption>
  </figure>`;
}
