import { Command } from "commander";
import { dbOption, jsonOption } from "../options.ts";
import { printJson, printTable } from "../output.ts";
import type { Wiring } from "../wiring.ts";

/** `oncall runs`: what is stored. */
export function runsCommand(wiring: Wiring): Command {
  return new Command("runs")
    .summary("the runs that are stored, newest first")
    .addOption(dbOption())
    .addOption(jsonOption())
    .action(async ({ db, json }: { db: string; json?: true }) => {
      const store = await wiring.openStore(db, true);
      try {
        const runs = await store.runs();
        if (json) return printJson(runs);
        printTable(
          ["run", "name", "status", "suite", "trials", "started"],
          runs.map((run) => [
            run.runId,
            run.name ?? "",
            run.status,
            `${run.suite}@${run.suiteVersion}`,
            `${run.trials}`,
            new Date(run.createdAt).toISOString(),
          ]),
        );
      } finally {
        await store.close();
      }
    });
}
