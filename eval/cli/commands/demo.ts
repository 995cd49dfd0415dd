import { dirname, join } from "node:path";
import { Command } from "commander";
import { systemClock } from "../../clock.ts";
import { makePlan, newRunId } from "../../plan.ts";
import { leaderboard } from "../../report/leaderboard.ts";
import { readVariants } from "../../variants.ts";
import { EXIT_OF } from "../exit.ts";
import { writeFigures } from "../figures.ts";
import type { WrittenFigures } from "../figures.ts";
import { findRun } from "../find-run.ts";
import { leaderboardText } from "../leaderboard-table.ts";
import { mockModels } from "../mock-models.ts";
import { dbOption, jsonOption, wholeNumber } from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { playPlan } from "../play-plan.ts";
import type { Wiring } from "../wiring.ts";

interface DemoOptions {
  readonly trials?: number;
  readonly withMockLlm?: true;
  readonly db: string;
  readonly json?: true;
}

/** Few enough for a minute: a model's turn takes a hundred times what the others' do. */
const TRIALS = 3;

/** `npm run demo`: serve, play three agents over WebSocket, store, rank, draw. */
export function demoCommand(wiring: Wiring): Command {
  return new Command("demo")
    .summary("serve, play three agents over WebSocket, store, rank and draw")
    .option("--trials <n>", `episodes per agent and task; absent: ${TRIALS}, or 1 with models`, wholeNumber(1, 1000))
    .option("--with-mock-llm", "also two language models, of a provider that this command serves itself")
    .addOption(dbOption())
    .addOption(jsonOption())
    .action(async ({ withMockLlm, db, json, trials = withMockLlm ? 1 : TRIALS }: DemoOptions) => {
      const server = await wiring.serve({ port: 0, host: "127.0.0.1" });
      const backend = await wiring.openBackend(db);
      const store = backend.results;
      const mock = withMockLlm ? await mockModels() : null;
      try {
        note(`Environment server on ${server.url}`);
        const agents = mock === null ? null : mock.agents;
        const { suite } = wiring;
        const plan = makePlan({
          runId: newRunId(new Date(systemClock.now()), Math.random),
          suite,
          tasks: suite.tasks,
          variants: readVariants(
            ["random,runbook,expert", ...(mock?.players ?? [])].join(","),
            agents?.sources ?? null,
          ),
          trials,
          baseSeed: 0,
          salt: "",
        });
        const folder = join(dirname(db), plan.runId);
        const connect = () => wiring.connectTo(server.url);
        const summary = await playPlan(wiring, {
          plan,
          backend,
          db,
          concurrency: 4,
          connect,
          name: "demo",
          agents,
          pauseFile: null,
          folder,
        });
        const written = await writeFigures(wiring, store, await findRun(store, plan.runId), folder);
        const episodes = await store.episodes({ runIds: [plan.runId] });
        if (json) printJson({ ...summary, ...written, entries: leaderboard(episodes) });
        else showResult(leaderboardText(episodes), db, plan.runId, written);
        process.exitCode = EXIT_OF[summary.status];
      } finally {
        await mock?.close();
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
