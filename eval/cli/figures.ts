import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ResultStore, RunRecord } from "../../env/store/store.ts";
import type { ResultReader } from "../report/reader.ts";
import { runReport } from "../report/run-report.ts";
import type { RunReport } from "../report/run-report.ts";
import { replayedBoard } from "./replaying.ts";
import { reportInput } from "./report-input.ts";
import type { Wiring } from "./wiring.ts";

/** Files that were written. */
export interface WrittenFigures {
  readonly figures: readonly string[];
  readonly report: string;
}

type Drawing = Pick<Wiring, "drawRun" | "suite" | "frozenFolder">;

/** Draws the figures of a run as SVG and the self-contained HTML report into a folder. */
export async function writeFigures(
  wiring: Drawing,
  store: ResultStore,
  run: RunRecord,
  folder: string,
  options: { readonly salt?: string } = {},
): Promise<WrittenFigures> {
  const report = await runReport(store, run, await replayedBoard(wiring, store, [run], options));
  const drawn = await wiring.drawRun(await reportInput(store, report, wiring.suite));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  return {
    figures: drawn.figures.map(({ name, svg }) => write(name, svg)),
    report: write("report.html", drawn.report),
  };
}

/** The report of a run as one HTML page. */
export const reportPage = async (wiring: Drawing, reader: ResultReader, report: RunReport): Promise<string> =>
  (await wiring.drawRun(await reportInput(reader, report, wiring.suite))).report;
