import type { Board, Row } from "./board.ts";

/** A row without the records that it was computed from. */
const rowJson = ({ entry, summary, ...row }: Row) => ({
  ...row,
  variant: row.label,
  run_id: entry.run.runId,
  variant_id: entry.variant.variantId,
  model: entry.variant.model,
  ...summary,
});

/** A leaderboard as data: every number with its interval, and every reason. */
export const boardJson = ({ runs, rows, unchecked }: Board) => ({
  run: runs[0]?.runId ?? null,
  runs: runs.map(({ runId }) => runId),
  status: runs[0]?.status ?? null,
  unchecked,
  entries: rows.map(rowJson),
});
