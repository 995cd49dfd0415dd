import type { EpisodeEntry } from "../../env/store/store.ts";
import { leaderboard } from "../report/leaderboard.ts";
import type { Entry } from "../report/leaderboard.ts";
import type { TaskEstimate } from "../stats/estimate.ts";
import { tableText } from "./output.ts";

const ABSENT = "–";

/** `0.52 [0.41, 0.63]`; without the interval where there is none. */
export function interval({ value, lower, upper }: TaskEstimate, digits = 2): string {
  if (value === null) return ABSENT;
  if (lower === null || upper === null) return value.toFixed(digits);
  return `${value.toFixed(digits)} [${lower.toFixed(digits)}, ${upper.toFixed(digits)}]`;
}

const plain = ({ value }: TaskEstimate, digits = 2): string => (value === null ? ABSENT : value.toFixed(digits));

const COLUMNS: readonly { readonly head: string; readonly cell: (entry: Entry) => string }[] = [
  { head: "rank", cell: ({ rank }) => rank },
  { head: "agent", cell: ({ variant }) => variant },
  { head: "score [95 %]", cell: ({ metrics }) => interval(metrics.mean_score as TaskEstimate) },
  { head: "success [95 %]", cell: ({ metrics }) => interval(metrics.success_rate as TaskEstimate) },
  { head: "evidence", cell: ({ metrics }) => plain(metrics.evidence_coverage as TaskEstimate) },
  { head: "wrong fixes", cell: ({ metrics }) => plain(metrics.wrong_remediation_rate as TaskEstimate) },
  { head: "distractors", cell: ({ metrics }) => plain(metrics.distractor_failure_rate as TaskEstimate) },
  { head: "invalid", cell: ({ metrics }) => plain(metrics.invalid_action_rate as TaskEstimate) },
  { head: "steps", cell: ({ metrics }) => plain(metrics.mean_steps as TaskEstimate, 1) },
  { head: "n", cell: ({ scored, planned }) => (scored === planned ? `${scored}` : `${scored} of ${planned}`) },
];

/** The ranked table of a run. */
export const leaderboardText = (episodes: readonly EpisodeEntry[]): string =>
  tableText(
    COLUMNS.map(({ head }) => head),
    leaderboard(episodes).map((entry) => COLUMNS.map(({ cell }) => cell(entry))),
  );
