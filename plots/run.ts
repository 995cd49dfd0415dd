import { costSuccess } from "./cost-success.ts";
import { episodeTimeline } from "./episode-timeline.ts";
import type { ReportInput } from "./data.ts";
import { evidenceSuccess } from "./evidence-success.ts";
import { history } from "./history.ts";
import { outcomes } from "./outcomes.ts";
import { renderSvg } from "./render.ts";
import type { Figure } from "./render.ts";
import { renderReport } from "./report.ts";
import { scoreIntervals } from "./score-intervals.ts";
import { successByTask } from "./success-by-task.ts";

/** The drawn figures of a run, by file name, and its page. */
export interface DrawnRun {
  readonly figures: readonly { readonly name: string; readonly svg: string }[];
  readonly report: string;
}

/** Draws every figure that the data allow, and the self-contained HTML report. */
export async function drawRun(input: ReportInput): Promise<DrawnRun> {
  const drawn: readonly (readonly [name: string, figure: Figure | null])[] = [
    ["success-by-task", successByTask(input.episodes)],
    ["score", scoreIntervals(input.episodes)],
    ["evidence-success", evidenceSuccess(input.episodes)],
    ["outcomes", outcomes(input.episodes)],
    ["cost-success", costSuccess(input.costs, input.episodes)],
    ["history", history(input.history)],
    ...input.timelines.map((timeline, i) => [`timeline-${i + 1}`, episodeTimeline(timeline)] as const),
  ];
  const figures: { name: string; svg: string }[] = [];
  for (const [name, figure] of drawn) {
    if (figure !== null) figures.push({ name: `${name}.svg`, svg: await renderSvg(figure) });
  }
  return { figures, report: await renderReport(input) };
}
