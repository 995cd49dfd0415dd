import type { RunRecord } from "../../env/store/store.ts";
import { boardJson } from "../report/board-json.ts";
import type { Board } from "../report/board.ts";
import { readEntries } from "../report/entry.ts";
import type { Entry } from "../report/entry.ts";
import type { ResultReader } from "../report/reader.ts";
import { runReport } from "../report/run-report.ts";
import type { DerivedName } from "./bundle/files.ts";
import { reportMarkdown } from "./report-markdown.ts";
import { exportRows, rowsCsv, rowsJson, rowsJsonl } from "./rows.ts";
import type { ExportOptions } from "./rows.ts";

/** Formats that are a list of episodes. */
export const ROW_FORMATS = ["csv", "json", "jsonl"] as const;
export type RowFormat = (typeof ROW_FORMATS)[number];

/** The episodes of runs as one file. */
export async function rowsDocument(
  reader: ResultReader,
  runs: readonly RunRecord[],
  format: RowFormat,
  options: ExportOptions,
): Promise<string> {
  const entries: Entry[] = [];
  for (const run of runs) entries.push(...(await readEntries(reader, run)));
  const rows = exportRows(entries, options);
  switch (format) {
    case "csv":
      return rowsCsv(rows);
    case "json":
      return rowsJson(rows, entries);
    case "jsonl":
      return rowsJsonl(rows);
  }
}

/** What stands in a bundle for people, made from the same records. */
export async function bundleDocuments(
  reader: ResultReader,
  run: RunRecord,
  board: Board,
): Promise<Record<DerivedName, string>> {
  return {
    "scored.jsonl": await rowsDocument(reader, [run], "jsonl", { full: false }),
    "leaderboard.json": `${JSON.stringify(boardJson(board), null, 2)}\n`,
    "report.md": reportMarkdown(await runReport(reader, run, board)),
  };
}
