import { HUE, INK } from "./theme.ts";

/** What all panels of one timeline share: the time axis and the moments that cross it. */
export interface TimelineFrame {
  readonly width: number;
  /** Minutes since the page at the left and the right edge. */
  readonly domain: readonly [number, number];
  /** Vertical lines through every panel. */
  readonly moments: readonly { readonly minutes: number; readonly kind: "page" | "remediate" | "close" }[];
}

/** The shared time axis; only the lowest panel writes its numbers. */
export function timeAxis({ domain }: TimelineFrame, labelled: boolean) {
  return {
    type: "quantitative",
    scale: { domain, nice: false, zero: false },
    title: labelled ? "simulated minutes since the page" : null,
    axis: { labels: labelled, grid: false, domain: labelled, ticks: labelled, tickCount: 12, format: ".2~f" },
  };
}

const STROKES = {
  page: { color: INK.quiet, strokeDash: [2, 2], strokeWidth: 1.2 },
  remediate: { color: HUE.vermilion, strokeDash: [1, 0], strokeWidth: 1 },
  close: { color: HUE.black, strokeDash: [6, 3], strokeWidth: 1.4 },
} as const;

/**
 * Vertical lines at the page, at each change and at the close.
 * @param axis the time axis of the panel that they cross
 * @param named whether "page" and "close" are written above them
 */
export function momentRules(frame: TimelineFrame, axis: ReturnType<typeof timeAxis>, named: boolean) {
  const x = { field: "minutes", ...axis };
  const rules = (["page", "remediate", "close"] as const).map((kind) => ({
    data: { values: frame.moments.filter((moment) => moment.kind === kind) },
    mark: { type: "rule", ...STROKES[kind], opacity: kind === "remediate" ? 0.55 : 0.9 },
    encoding: { x },
  }));
  const names = {
    data: { values: frame.moments.filter(({ kind }) => kind !== "remediate") },
    mark: { type: "text", y: -7, fontSize: 10, color: INK.quiet, baseline: "bottom" },
    encoding: { x, text: { field: "kind", type: "nominal" } },
  };
  return named ? [...rules, names] : rules;
}
