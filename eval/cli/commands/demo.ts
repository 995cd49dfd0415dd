import { dirname, join } from "node:path";
import { Command } from "commander";
import { systemClock } from "../../clock.ts";
import { makePlan, newRunId } from "../../plan.ts";
import { leaderboard } from "../../report/leaderboard.ts";
import { readVariants } from "../../variants.ts";
import { EXIT } from "../exit.ts";
import { writeFigures } from "../figures.ts";
import type { WrittenFigures } from "../figures.ts";
import { findRun } from "../find-run.ts";
import { leaderboardText } from "../leaderboard-table.ts";
import { dbOption, jsonOption, wholeNumber } from "../options.ts";
import { note, print, printJson } from "../output.ts";
import type { Wiring } from "../wiring.ts";
import { play } from "./run.ts";

interface DemoOptions {
  readonly trials: number;
  readonly db: string;
  readonly json?: true;
}

/** `npm run demo`: serve, play three agents over WebSocket, store, rank, draw. */
export function demoCommand(wiring: Wiring): Command {
  return new Command("demo")
    .summary("serve, play three agents over WebSocket, store, rank and draw")
    .option("--trials <n>", "episodes per agent and task", wholeNumber(1, 1000), 3)
    .addOption(dbOption())
    .addOption(jsonOption())
    .action(async ({ trials, db, json }: DemoOptions) => {
      const server = await wiring.serve({ port: 0, host: "127.0.0.1" });
      const store = await wiring.openStore(db, false);
      try {
        note(`Environment server on ${server.url}`);
        const { suite } = wiring;
        const plan = makePlan({
          runId: newRunId(new Date(systemClock.now()), Math.random),
          suite,
          tasks: suite.tasks,
          variants: readVariants("random,runbook,expert"),
          trials,
          baseSeed: 0,
          salt: "",
        });
        const summary = await play(wiring, plan, store, 4, () => wiring.connectTo(server.url), "demo");
        const folder = join(dirname(db), plan.runId);
        const written = await writeFigures(wiring, store, await findRun(store, plan.runId), folder);
        const episodes = await store.episodes({ runIds: [plan.runId] });
        if (json) printJson({ ...summary, ...written, entries: leaderboard(episodes) });
        else showResult(leaderboardText(episodes), db, plan.runId, written);
        process.exitCode = summary.status === "complete" ? EXIT.ok : EXIT.failed;
      } finally {
        await store.close();
        await server.close();
      }
    });
}

function showResult(table: string, db: string, runId: string, { figures, report }: WrittenFigures): void {
  print(table);
  print(`Stored in ${db} as run ${runId}`);
  for (const file of figures) print(`Figure  ${file}`);
  print(`Report  ${report}`);
}
