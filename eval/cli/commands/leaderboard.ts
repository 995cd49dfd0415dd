import { Command } from "commander";
import { leaderboard } from "../../report/leaderboard.ts";
import { findRun } from "../find-run.ts";
import { leaderboardText } from "../leaderboard-table.ts";
import { dbOption, jsonOption, runOption } from "../options.ts";
import { print, printJson } from "../output.ts";
import type { Wiring } from "../wiring.ts";

/** `oncall leaderboard`: the agents of a run, ranked as far as its episodes can tell. */
export function leaderboardCommand(wiring: Wiring): Command {
  return new Command("leaderboard")
    .summary("the agents of a run, ranked, with intervals")
    .description(
      "Mean score and success with 95 % intervals over tasks. A rank such as 1–2 means that the episodes do not " +
        "separate these agents; differences are tested in pairs on equal incidents.",
    )
    .addOption(runOption())
    .addOption(dbOption())
    .addOption(jsonOption())
    .action(async ({ run: id, db, json }: { run?: string; db: string; json?: true }) => {
      const store = await wiring.openStore(db, true);
      try {
        const run = await findRun(store, id);
        const episodes = await store.episodes({ runIds: [run.runId] });
        if (json) return printJson({ run: run.runId, status: run.status, entries: leaderboard(episodes) });
        print(`Run ${run.runId}, ${run.suite}@${run.suiteVersion}, ${run.trials} trials, ${run.status}`);
        print(leaderboardText(episodes));
      } finally {
        await store.close();
      }
    });
}
