import type { Config } from "vega-lite";

/** Ink and paper. Every text colour has a contrast of at least 4.5 : 1 on the paper (WCAG 2.2, AA). */
export const INK = { strong: "#17202b", text: "#36414f", quiet: "#5d6875", line: "#c9d0d8", grid: "#e8ebef" } as const;
export const PAPER = "#ffffff";

/**
 * Colours that stay apart under the common colour vision deficiencies.
 * Source: M. Okabe and K. Ito, "Color universal design" (2008); the orange is darkened for contrast on white.
 */
export const HUE = { blue: "#0072b2", vermilion: "#c44e00", black: "#17202b" } as const;

/** Behind a stretch of time in which an objective was missed. */
export const BREACH_FILL = "#fbe3d3";

/** Shares in one hue of falling lightness, so that a heat map also reads in grey; light enough for dark text up to ¾. */
export const SHARE_COLOURS = ["#eef3f8", "#8fb6d9", "#083d6b"] as const;

/** The shares that have exactly these colours. */
export const SHARE_STOPS = [0, 0.75, 1] as const;

/** From this share on, text on a share's colour is light: there dark and light text are about equally legible. */
export const LIGHT_TEXT_FROM = 0.86;

/** Fonts that the reader's system has: a figure loads nothing. */
export const FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** The one look of all figures, as Vega-Lite configuration. Sizes in pixels. */
export const THEME: Config = {
  aria: false, // the figure carries one description; hundreds of labelled marks would drown it
  background: PAPER,
  padding: 8,
  font: FONT,
  view: { stroke: null },
  concat: { spacing: 14 },
  title: { anchor: "start", color: INK.strong, fontSize: 12, fontWeight: 600, offset: 8 },
  axis: {
    domainColor: INK.line,
    gridColor: INK.grid,
    labelColor: INK.text,
    labelFontSize: 11,
    labelLimit: 0, // no cutting by guessed widths; labels come shortened
    tickColor: INK.line,
    ticks: false,
    labelPadding: 6,
    titleColor: INK.quiet,
    titleFontSize: 11,
    titleFontWeight: 400,
  },
  legend: { labelColor: INK.text, labelFontSize: 11, titleColor: INK.quiet, titleFontSize: 11, titleFontWeight: 400 },
  text: { color: INK.strong, fontSize: 11 },
};
