import cliProgress from "cli-progress";
import type { CurveRow, Evaluation } from "../train/curve.ts";

/** Shows how far a training has come: a bar with ETA on a terminal, elsewhere a line every ten seconds. */
export interface TrainProgress {
  readonly start: (start: { readonly steps: number; readonly planned: number }) => void;
  readonly update: (row: CurveRow) => void;
  readonly stop: () => void;
}

const LINE_MS = 10_000;

export function showTraining(): TrainProgress {
  const bar = new cliProgress.SingleBar({
    format: "{bar} {value}/{total} steps, {percentage} %, ETA {left} {figures}",
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: LINE_MS,
    barsize: 24,
    barCompleteChar: "#",
    barIncompleteChar: ".",
    hideCursor: true,
  });
  let evaluated: Evaluation | null = null;
  return {
    start: ({ steps, planned }) => bar.start(planned, steps, { left: "-", figures: "" }),
    update: (row) => {
      evaluated = row.evaluation ?? evaluated;
      const unseen =
        evaluated === null ? "" : `, unseen seeds ${decimal(evaluated.score)} (success ${decimal(evaluated.success)})`;
      bar.update(Math.min(row.steps, bar.getTotal()), {
        left: duration(row.etaSeconds),
        figures: `| ${row.bands.join("+")}: score ${decimal(row.score)}${unseen}, ${Math.round(row.stepsPerSecond)} steps/s`,
      });
    },
    stop: () => bar.stop(),
  };
}

const decimal = (value: number | null): string => (value === null ? "-" : value.toFixed(2));

/** `1m05s` */
const duration = (seconds: number): string =>
  `${Math.floor(seconds / 60)}m${String(Math.floor(seconds % 60)).padStart(2, "0")}s`;
