import cliProgress from "cli-progress";
import type { EpisodeEvent } from "../run.ts";
import { printable } from "./output.ts";

/** Shows how far a run has come: a bar with ETA on a terminal, elsewhere a line every two seconds. */
export interface Progress {
  readonly update: (event: EpisodeEvent) => void;
  readonly stop: () => void;
}

const LINE_MS = 2000;

export function showProgress(planned: number): Progress {
  const bar = new cliProgress.SingleBar({
    format: "{bar} {value}/{total} episodes, {percentage} %, ETA {eta_formatted} {scores}",
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: LINE_MS,
    barsize: 24,
    barCompleteChar: "#",
    barIncompleteChar: ".",
    hideCursor: true,
    etaBuffer: 50,
  });
  bar.start(planned, 0, { scores: "" });
  const scores = new Map<string, { sum: number; count: number }>();
  return {
    update: ({ slot, score, done }) => {
      const tally = scores.get(slot.variant.label) ?? { sum: 0, count: 0 };
      if (score !== null) scores.set(slot.variant.label, { sum: tally.sum + score, count: tally.count + 1 });
      const shown = [...scores].map(([label, { sum, count }]) => `${label} ${(sum / count).toFixed(2)}`).join("  ");
      bar.update(done, { scores: `| score so far: ${printable(shown)}` });
    },
    stop: () => bar.stop(),
  };
}
