import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Argument, Command, Option } from "commander";
import { writeBundle } from "../../export/bundle/write.ts";
import { bundleDocuments, ROW_FORMATS, rowsDocument } from "../../export/documents.ts";
import type { RowFormat } from "../../export/documents.ts";
import { reportMarkdown } from "../../export/report-markdown.ts";
import { comparisonKey } from "../../report/board.ts";
import { runReport } from "../../report/run-report.ts";
import { reportPage } from "../figures.ts";
import { dbOption, runOption } from "../options.ts";
import { note, print, printFile, printJson } from "../output.ts";
import { allRunsOption, findRuns, reading, saltOption } from "../reading.ts";
import { replayedBoard } from "../replaying.ts";
import { runFolder } from "../run-folder.ts";
import type { Wiring } from "../wiring.ts";

const FORMATS = [...ROW_FORMATS, "md", "html", "bundle"] as const;
type Format = (typeof FORMATS)[number];

interface ExportOptions {
  readonly run?: string;
  readonly all?: true;
  readonly full?: true;
  readonly out?: string;
  readonly salt?: string;
  readonly db: string;
  readonly json?: true;
}

/** `oncall export csv|json|jsonl|md|html|bundle`: results as files. */
export function exportCommand(wiring: Wiring): Command {
  return new Command("export")
    .summary("results as CSV, JSON, JSON lines, Markdown, HTML, or a bundle with hashes")
    .description(
      "csv, json and jsonl have one episode a row, of those that count; equal results give equal bytes, whenever and " +
        "in however many pieces they were played. md and html are the report of a run. bundle is a folder of " +
        "everything stored of it, with a manifest of hashes, which submit validate takes.",
    )
    .addArgument(new Argument("<format>", "what to write").choices(FORMATS))
    .option("--out <where>", "a file, or a folder for a bundle; absent: to stdout")
    .option("--full", "every attempt, with ids and times, in csv, json and jsonl")
    .addOption(runOption())
    .addOption(allRunsOption())
    .addOption(dbOption())
    .addOption(saltOption())
    .addOption(new Option("--json", "say as JSON what was written; needs --out"))
    .action((format: Format, options: ExportOptions) =>
      reading(wiring, options.db, async (store) => {
        const runs = await findRuns(store, options, (a, b) => comparisonKey(a) === comparisonKey(b));
        if (isRowFormat(format)) {
          const full = options.full === true || options.all === true;
          return written(await rowsDocument(store, runs, format, { full }), options);
        }
        const [run] = runs as [(typeof runs)[number]];
        const board = await replayedBoard(wiring, store, [run], options);
        if (format === "bundle") {
          const folder = options.out ?? join(runFolder(options.db, run.runId), "bundle");
          const bundle = await writeBundle(folder, store, [run], await bundleDocuments(store, run, board));
          return options.json ? printJson(bundle) : print(`bundle ${bundle.folder}`);
        }
        const report = await runReport(store, run, board);
        written(format === "md" ? reportMarkdown(report) : await reportPage(wiring, store, report), options);
      }),
    );
}

const isRowFormat = (format: Format): format is RowFormat => (ROW_FORMATS as readonly string[]).includes(format);

/** To the file, whole or not at all; to stdout where none is named. */
function written(text: string, { out, json }: ExportOptions): void {
  if (out === undefined) return printFile(text);
  mkdirSync(dirname(out), { recursive: true });
  const replaced = existsSync(out);
  writeFileSync(`${out}.new`, text);
  renameSync(`${out}.new`, out);
  if (json) return printJson({ file: out, bytes: Buffer.byteLength(text), replaced });
  note(`${replaced ? "Replaced" : "Wrote"} ${out}`);
}
