import type { TimelineObjective } from "./data.ts";
import { plainText } from "./text.ts";
import { BREACH_FILL, HUE, INK } from "./theme.ts";
import { momentRules, timeAxis, type TimelineFrame } from "./timeline-frame.ts";

const HEIGHT_PX = 54;
/** Room above and below the curve, as a share of its range. */
const MARGIN = 0.12;

interface Point {
  readonly minutes: number;
  /** Not finite where nothing was measured. */
  readonly value: number;
}

/** One objective over time: its values, the bar it has to hold, and the stretches in which it did not. */
export function objectivePanel(
  objective: TimelineObjective,
  points: readonly Point[],
  frame: TimelineFrame,
  lowest: boolean,
) {
  const sign = objective.direction === "at_least" ? "≥" : "≤";
  const unit = objective.unit === "ratio" ? "" : ` ${plainText(objective.unit)}`;
  const axis = timeAxis(frame, lowest);
  const x = { field: "minutes", ...axis };
  const y = {
    type: "quantitative",
    scale: { domain: valueDomain(objective.objective, points), nice: false, zero: false },
    title: null,
    axis: { tickCount: 2, format: ",.4~f", domain: false, grid: true, minExtent: 52, maxExtent: 52 },
  };
  return {
    title: {
      text: `${plainText(objective.name)} ${sign} ${objective.objective}${unit}`,
      fontSize: 11,
      fontWeight: 600,
      offset: 3,
    },
    width: frame.width,
    height: HEIGHT_PX,
    layer: [
      {
        data: { values: breaches(objective, points) },
        mark: { type: "rect", color: BREACH_FILL },
        encoding: { x: { ...x, field: "from" }, x2: { field: "to" } },
      },
      ...momentRules(frame, axis, false),
      {
        data: { values: [{ objective: objective.objective }] },
        mark: { type: "rule", color: INK.quiet, strokeDash: [4, 3] },
        encoding: { y: { ...y, field: "objective" } },
      },
      {
        data: {
          values: points.map(({ minutes, value }) => ({ minutes, value: Number.isFinite(value) ? value : null })),
        },
        mark: { type: "line", color: HUE.blue, strokeWidth: 1.8, interpolate: "step-after" },
        encoding: { x, y: { ...y, field: "value" } },
      },
    ],
  };
}

/** Stretches from the first tick that misses the objective to the next one that holds it. */
function breaches(
  { objective, direction }: TimelineObjective,
  points: readonly Point[],
): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = [];
  for (const [i, { minutes, value }] of points.entries()) {
    const missed = direction === "at_least" ? value < objective : value > objective;
    const to = points[i + 1]?.minutes ?? minutes;
    const open = spans.at(-1);
    if (!missed) continue;
    if (open?.to === minutes) open.to = to;
    else spans.push({ from: minutes, to });
  }
  return spans;
}

function valueDomain(objective: number, points: readonly Point[]): [number, number] {
  const values = [objective, ...points.map(({ value }) => value).filter(Number.isFinite)];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = (high - low || Math.abs(objective) || 1) * MARGIN;
  return [low - room, high + room];
}
