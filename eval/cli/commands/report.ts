import { Command } from "commander";
import { writeFigures } from "../figures.ts";
import { findRun } from "../find-run.ts";
import { dbOption, jsonOption, runOption } from "../options.ts";
import { print, printJson } from "../output.ts";
import { reading, saltOption } from "../reading.ts";
import { runFolder } from "../run-folder.ts";
import type { Wiring } from "../wiring.ts";

interface ReportOptions {
  readonly run?: string;
  readonly out?: string;
  readonly salt?: string;
  readonly db: string;
  readonly json?: true;
}

/** `oncall report`: figures and the HTML page of a run. */
export function reportCommand(wiring: Wiring): Command {
  return new Command("report")
    .alias("plot")
    .summary("figures (SVG) and a self-contained HTML report of a run")
    .description(
      "Success by task, scores, evidence and cost against success, outcomes with providers' errors apart, agents over " +
        "time, and replayed episodes; the page says besides who is not ranked and why, and what the numbers hold under.",
    )
    .option("--out <folder>", "where to write; absent: a folder of the run beside the database")
    .addOption(runOption())
    .addOption(dbOption())
    .addOption(saltOption())
    .addOption(jsonOption())
    .action((options: ReportOptions) =>
      reading(wiring, options.db, async (store) => {
        const run = await findRun(store, options.run);
        const written = await writeFigures(
          wiring,
          store,
          run,
          options.out ?? runFolder(options.db, run.runId),
          options,
        );
        if (options.json) return printJson(written);
        for (const file of written.figures) print(`figure ${file}`);
        print(`report ${written.report}`);
      }),
    );
}
