import type { TopLevelSpec } from "vega-lite";
import type { Timeline } from "./data.ts";
import type { Figure } from "./render.ts";
import { count, plainText } from "./text.ts";
import { actionLane } from "./timeline-actions.ts";
import type { TimelineFrame } from "./timeline-frame.ts";
import { objectivePanel } from "./timeline-objective.ts";

const WIDTH_PX = 780;

/**
 * A replayed episode: what the agent did in a lane on top, and below it each objective over simulated minutes, with
 * the stretches in which it was missed shaded. The page is at minute 0.
 * @returns `null` without ticks
 */
export function episodeTimeline(timeline: Timeline): Figure | null {
  if (timeline.ticks.length === 0) return null;
  const minutes = [...timeline.ticks, ...timeline.actions].map((moment) => moment.minutes);
  const moments = timeline.actions.flatMap(({ kind, minutes: at }) =>
    kind === "observe" ? [] : [{ minutes: at, kind }],
  );
  const frame: TimelineFrame = {
    width: WIDTH_PX,
    domain: [Math.min(0, ...minutes), Math.max(0, ...minutes)],
    moments: [{ minutes: 0, kind: "page" }, ...moments],
  };
  const last = timeline.objectives.length - 1;
  const panels = timeline.objectives.map((objective, i) =>
    objectivePanel(
      objective,
      timeline.ticks.map(({ minutes: at, values }) => ({ minutes: at, value: values[i] ?? NaN })),
      frame,
      i === last,
    ),
  );
  return {
    title: plainText(timeline.title),
    description: `${count(timeline.objectives.length, "objective")} over simulated minutes since the page, with ${count(timeline.actions.length, "action")}: ${timeline.actions.map(({ label }) => label).join("; ")}.`,
    spec: {
      vconcat: timeline.actions.length === 0 ? panels : [actionLane(timeline.actions, frame), ...panels],
      spacing: 6,
    } as unknown as TopLevelSpec,
  };
}
