import type { TopLevelSpec } from "vega-lite";
import type { History } from "./data.ts";
import type { Figure } from "./render.ts";
import { count, decimal, plainText, shortened } from "./text.ts";
import { HUE, INK } from "./theme.ts";

const WIDTH_PX = 720;
const HEIGHT_PX = 96;
const MAX_TITLE_CHARACTERS = 60;
/** Of an ISO time: the day. */
const DAY_CHARACTERS = 10;

/**
 * Mean score of agents over their runs, with 95 % intervals. A line joins runs under equal suite and versions; where
 * these changed it breaks, since such runs do not compare.
 * @returns `null` where no agent has two runs
 */
export function history(histories: readonly History[]): Figure | null {
  const long = histories.filter(({ points }) => points.filter(({ meanScore }) => meanScore.value !== null).length > 1);
  if (long.length === 0) return null;
  return {
    title: "Agents over time",
    description: `Mean score of ${count(long.length, "agent")} run by run, the oldest first: ${long.map(sentence).join("; ")}.`,
    spec: { vconcat: long.map(panel), spacing: 12 } as TopLevelSpec,
  };
}

const sentence = ({ variant, points }: History): string =>
  `${plainText(variant)} ${points.map(({ meanScore }) => decimal(meanScore.value)).join(", ")}`;

function panel({ variant, points }: History) {
  const unders = [...new Set(points.map(({ under }) => under))];
  const values = points.map(({ at, under, meanScore: { value, lower, upper } }, i) => ({
    order: i + 1,
    label: `${i + 1}: ${plainText(at).slice(0, DAY_CHARACTERS)}`,
    stretch: `${unders.indexOf(under)}`,
    value,
    lower,
    upper,
    shown: decimal(value),
  }));
  const labels = values.map(({ label }) => label);
  const x = {
    field: "label",
    type: "nominal",
    scale: { domain: labels, padding: 0.5 },
    sort: null,
    title: null,
    axis: { labelAngle: 0, domain: false },
  };
  const y = {
    type: "quantitative",
    scale: { domain: [0, 1] },
    title: "mean score",
    axis: { values: [0, 0.5, 1], format: ".1f", domain: false },
  };
  return {
    title: shortened(plainText(variant), MAX_TITLE_CHARACTERS),
    width: WIDTH_PX,
    height: HEIGHT_PX,
    data: { values },
    layer: [
      {
        transform: [{ filter: "datum.value !== null" }],
        mark: { type: "line", color: HUE.blue, strokeWidth: 1.6 },
        encoding: {
          x,
          y: { ...y, field: "value" },
          detail: { field: "stretch", type: "nominal" },
          order: { field: "order", type: "quantitative" },
        },
      },
      {
        transform: [{ filter: "datum.lower !== null" }],
        mark: { type: "rule", color: HUE.blue, strokeWidth: 3, opacity: 0.4, strokeCap: "round" },
        encoding: { x, y: { ...y, field: "lower" }, y2: { field: "upper" } },
      },
      {
        transform: [{ filter: "datum.value !== null" }],
        mark: { type: "point", filled: true, color: HUE.blue, size: 64, opacity: 1 },
        encoding: { x, y: { ...y, field: "value" } },
      },
      {
        transform: [{ filter: "datum.value !== null" }],
        mark: { type: "text", dx: 7, dy: -9, align: "left", fontSize: 10.5, color: INK.text },
        encoding: { x, y: { ...y, field: "value" }, text: { field: "shown", type: "nominal" } },
      },
    ],
  };
}
