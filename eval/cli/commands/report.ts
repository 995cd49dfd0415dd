import { dirname, join } from "node:path";
import { Command } from "commander";
import { writeFigures } from "../figures.ts";
import { findRun } from "../find-run.ts";
import { dbOption, jsonOption, runOption } from "../options.ts";
import { print, printJson } from "../output.ts";
import type { Wiring } from "../wiring.ts";

/** `oncall report`: figures and the HTML page of a run. */
export function reportCommand(wiring: Wiring): Command {
  return new Command("report")
    .alias("plot")
    .summary("figures (SVG) and a self-contained HTML report of a run")
    .option("--out <folder>", "where to write; absent: a folder of the run beside the database")
    .addOption(runOption())
    .addOption(dbOption())
    .addOption(jsonOption())
    .action(async (options: { run?: string; db: string; out?: string; json?: true }) => {
      const store = await wiring.openStore(options.db, true);
      try {
        const run = await findRun(store, options.run);
        const written = await writeFigures(wiring, store, run, options.out ?? join(dirname(options.db), run.runId));
        if (options.json) return printJson(written);
        for (const file of written.figures) print(`figure ${file}`);
        print(`report ${written.report}`);
      } finally {
        await store.close();
      }
    });
}
