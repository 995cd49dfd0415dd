import type { TopLevelSpec } from "vega-lite";
import { renderSvg } from "./render.ts";
import type { Figure } from "./render.ts";
import { count, decimal } from "./text.ts";
import { HUE, INK } from "./theme.ts";

const WIDTH_PX = 720;
const HEIGHT_PX = 260;

/** One update of a training. */
export interface LearningPoint {
  /** Environment steps so far. */
  readonly steps: number;
  /** Difficulties that were played, such as `easy+medium`. */
  readonly bands: string;
  /** 0 to 1; null where nothing was measured. */
  readonly score: number | null;
  readonly evalScore: number | null;
  readonly evalSuccess: number | null;
}

const SERIES = [
  { field: "score", name: "score in training", colour: INK.quiet, isDotted: false },
  { field: "evalScore", name: "score, unseen seeds", colour: HUE.blue, isDotted: true },
  { field: "evalSuccess", name: "success, unseen seeds", colour: HUE.vermilion, isDotted: true },
] as const;

/**
 * How score and success of a policy rose with the steps that it trained on; rules mark where harder incidents came in.
 * @returns `null` when there is no point
 */
export function learningCurve(points: readonly LearningPoint[]): Figure | null {
  const last = points.at(-1);
  if (last === undefined) return null;
  const evaluated = points.findLast(({ evalScore }) => evalScore !== null);
  return {
    title: "Learning curve",
    description:
      `Mean score and success from 0 to 1 over ${count(last.steps, "step")} of training. ` +
      `Last on unseen seeds of the training incidents: score ${decimal(evaluated?.evalScore ?? null)}, ` +
      `success ${decimal(evaluated?.evalSuccess ?? null)}.`,
    spec: {
      width: WIDTH_PX,
      height: HEIGHT_PX,
      layer: [stages(points), lines(points), dots(points)],
    } as TopLevelSpec,
  };
}

/** The learning curve as SVG; null when there is no point. */
export async function drawLearningCurve(points: readonly LearningPoint[]): Promise<string | null> {
  const figure = learningCurve(points);
  return figure === null ? null : renderSvg(figure);
}

const x = {
  field: "steps",
  type: "quantitative",
  title: "environment steps",
  axis: { format: "~s", grid: false },
} as const;
const y = {
  field: "value",
  type: "quantitative",
  scale: { domain: [0, 1] },
  title: null,
  axis: { values: [0, 0.25, 0.5, 0.75, 1], format: ".2~f", domain: false },
} as const;
const color = {
  field: "series",
  type: "nominal",
  scale: { domain: SERIES.map(({ name }) => name), range: SERIES.map(({ colour }) => colour) },
  legend: { title: null, orient: "top" },
} as const;

const measured = (points: readonly LearningPoint[], series: readonly (typeof SERIES)[number][]) =>
  series.flatMap(({ field, name }) =>
    points.flatMap((point) =>
      point[field] === null ? [] : [{ steps: point.steps, value: point[field], series: name }],
    ),
  );

const lines = (points: readonly LearningPoint[]) => ({
  data: { values: measured(points, SERIES) },
  mark: { type: "line", strokeWidth: 1.8 },
  encoding: { x, y, color },
});

const dots = (points: readonly LearningPoint[]) => ({
  data: {
    values: measured(
      points,
      SERIES.filter(({ isDotted }) => isDotted),
    ),
  },
  mark: { type: "point", filled: true, size: 44, opacity: 1 },
  encoding: { x, y, color },
});

/** Where the difficulties changed. */
function stages(points: readonly LearningPoint[]) {
  const values = points
    .filter(({ bands }, i) => i === 0 || bands !== points[i - 1]?.bands)
    .map(({ steps, bands }, i) => ({ steps: i === 0 ? 0 : steps, label: bands.split("+").join(", ") }));
  return {
    data: { values },
    layer: [
      { mark: { type: "rule", color: INK.line, strokeDash: [3, 3] }, encoding: { x } },
      {
        mark: { type: "text", align: "left", dx: 5, color: INK.text },
        encoding: { x, y: { value: 8 }, text: { field: "label", type: "nominal" } },
      },
    ],
  };
}
