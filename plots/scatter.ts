import type { TopLevelSpec } from "vega-lite";
import type { Estimate } from "./data.ts";
import { labelsFor } from "./text.ts";
import { HUE, INK } from "./theme.ts";

const WIDTH_PX = 560;
const HEIGHT_PX = 300;
const MAX_NAME_CHARACTERS = 28;
/** Past this share of the width, a label is written to the left of its mark. */
const LEFT_FROM = 0.72;
/** Of the upward axis: room for a name above a point at 1. */
const TOP = 1.06;
const NAME_ABOVE_PX = 9;
/** Labels nearer than this to another, in shares of the height, move apart. */
const LABEL_ROOM = 0.055;

/** One agent: where it stands, and how surely. */
export interface ScatterPoint {
  readonly name: string;
  readonly x: number;
  readonly xInterval: Pick<Estimate, "lower" | "upper"> | null;
  readonly y: Estimate & { readonly value: number };
}

export interface ScatterAxis {
  readonly title: string;
  readonly domain: readonly [number, number];
  /** Vega's number format. */
  readonly format: string;
  readonly scale?: "linear" | "sqrt";
}

/** Points with names, and their intervals where there are any; a share from 0 to 1 runs upwards. */
export function scatterSpec(
  points: readonly ScatterPoint[],
  axis: ScatterAxis,
  upwards: string,
  line: readonly ScatterPoint[] = [],
): TopLevelSpec {
  const labels = labelsFor(
    points.map(({ name }) => name),
    MAX_NAME_CHARACTERS,
  );
  const x = {
    type: "quantitative",
    scale: { domain: axis.domain, nice: false, type: axis.scale ?? "linear" },
    title: axis.title,
    axis: { format: axis.format, domain: false, tickCount: 6 },
  };
  const y = {
    type: "quantitative",
    scale: { domain: [0, TOP] },
    title: upwards,
    axis: { values: [0, 0.25, 0.5, 0.75, 1], format: ".0%", domain: false },
  };
  const values = withLabels(points, axis).map(({ point, labelY, left }) => ({
    x: point.x,
    xLow: point.xInterval?.lower ?? null,
    xHigh: point.xInterval?.upper ?? null,
    y: point.y.value,
    yLow: point.y.lower,
    yHigh: point.y.upper,
    label: labels.get(point.name) ?? "",
    labelY,
    left,
  }));
  const names = [false, true].map((left) => ({
    transform: [{ filter: `datum.left === ${left}` }],
    mark: {
      type: "text",
      align: left ? "right" : "left",
      dx: left ? -6 : 6,
      dy: -NAME_ABOVE_PX,
      fontSize: 11,
      color: INK.text,
    },
    encoding: { x: { ...x, field: "x" }, y: { ...y, field: "labelY" }, text: { field: "label", type: "nominal" } },
  }));
  const whisker = { type: "rule", color: HUE.blue, strokeWidth: 2, opacity: 0.35 };
  return {
    width: WIDTH_PX,
    height: HEIGHT_PX,
    data: { values },
    layer: [
      {
        data: { values: line.map((point, order) => ({ order, x: point.x, y: point.y.value })) },
        mark: { type: "line", color: HUE.vermilion, strokeDash: [5, 3], interpolate: "step-after", strokeWidth: 1.4 },
        encoding: { x: { ...x, field: "x" }, y: { ...y, field: "y" }, order: { field: "order", type: "quantitative" } },
      },
      {
        transform: [{ filter: "datum.yLow !== null" }],
        mark: whisker,
        encoding: { x: { ...x, field: "x" }, y: { ...y, field: "yLow" }, y2: { field: "yHigh" } },
      },
      {
        transform: [{ filter: "datum.xLow !== null" }],
        mark: whisker,
        encoding: { x: { ...x, field: "xLow" }, x2: { field: "xHigh" }, y: { ...y, field: "y" } },
      },
      {
        mark: { type: "point", filled: true, color: HUE.blue, size: 80, opacity: 1 },
        encoding: { x: { ...x, field: "x" }, y: { ...y, field: "y" } },
      },
      ...names,
    ],
  } as unknown as TopLevelSpec;
}

/** Where each name is written: beside its mark, and moved up or down where two would lie on each other. */
function withLabels(points: readonly ScatterPoint[], { domain: [from, to] }: ScatterAxis) {
  const sorted = points.toSorted((a, b) => a.y.value - b.y.value || a.x - b.x);
  const placed: { point: ScatterPoint; labelY: number; left: boolean }[] = [];
  let next = -Infinity;
  for (const point of sorted) {
    const labelY = Math.max(point.y.value, next);
    next = labelY + LABEL_ROOM;
    placed.push({ point, labelY, left: (point.x - from) / Math.max(to - from, 1e-12) > LEFT_FROM });
  }
  const above = Math.max(0, (placed.at(-1)?.labelY ?? 0) - 1);
  return placed.map((one) => ({ ...one, labelY: Math.max(0, one.labelY - above) }));
}
