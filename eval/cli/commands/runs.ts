import { rmSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { Argument, Command } from "commander";
import type { RunRecord } from "../../../env/store/store.ts";
import { systemClock } from "../../clock.ts";
import { UsageError } from "../../errors.ts";
import { isAlive } from "../../owner.ts";
import { timeText } from "../../report/facts.ts";
import { count } from "../../report/numbers.ts";
import { findRun } from "../find-run.ts";
import { dbOption, jsonOption } from "../options.ts";
import { note, print, printJson, printTable } from "../output.ts";
import { reading } from "../reading.ts";
import { runFolder } from "../run-folder.ts";
import type { Wiring } from "../wiring.ts";

/** `oncall runs`: what is stored. */
export function runsCommand(wiring: Wiring): Command {
  const runs = new Command("runs")
    .summary("the runs that are stored, newest first; runs delete removes one")
    .addOption(dbOption())
    .addOption(jsonOption())
    .action(({ db, json }: { db: string; json?: true }) =>
      reading(wiring, db, async (store) => {
        const stored = await store.runs();
        if (json) return printJson(stored);
        printTable(
          ["run", "name", "status", "suite", "trials", "started"],
          stored.map((run) => [
            run.runId,
            run.name ?? "",
            run.status,
            `${run.suite}@${run.suiteVersion}`,
            `${run.trials}`,
            timeText(run.createdAt),
          ]),
        );
      }),
    );
  runs.addCommand(deleteCommand(wiring));
  return runs;
}

interface DeleteOptions {
  readonly yes?: true;
  readonly files?: true;
  readonly force?: true;
  readonly db: string;
  readonly json?: true;
}

function deleteCommand(wiring: Wiring): Command {
  return new Command("delete")
    .summary("remove a run with its episodes, for good")
    .description("Asks for the run's id, typed once more. Suites, tasks, agents and calls to providers stay.")
    .addArgument(new Argument("<run>", "which run"))
    .option("--yes", "do not ask")
    .option("--files", "its folder beside the database too: checkpoints, figures, report")
    .option("--force", "although another process seems to play it")
    .addOption(dbOption())
    .addOption(jsonOption())
    .action(async (id: string, _: unknown, command: Command) => {
      const options = { ...command.opts<DeleteOptions>(), ...givenBefore(command) };
      const run = await reading(wiring, options.db, (store) => findRun(store, id));
      if (options.force !== true) refuseRunning(run);
      const folder = options.files === true ? runFolder(options.db, run.runId) : null;
      if (options.yes !== true) await confirm(run, folder);
      const store = await wiring.openStore(options.db, false);
      try {
        const episodes = (await store.episodes({ runIds: [run.runId] })).length;
        await store.deleteRun(run.runId);
        if (folder !== null) rmSync(folder, { recursive: true, force: true });
        if (options.json) return printJson({ deleted: run.runId, episodes, folder });
        print(`Deleted run ${run.runId} with ${count(episodes, "episode")}${folder === null ? "" : ` and ${folder}`}.`);
      } finally {
        await store.close();
      }
    });
}

/** What was said to `runs`, which takes options that it shares with `runs delete` wherever they stand. */
function givenBefore({ parent }: Command): Partial<DeleteOptions> {
  const given = Object.entries(parent?.opts() ?? {}).filter(([name]) => parent?.getOptionValueSource(name) === "cli");
  return Object.fromEntries(given);
}

function refuseRunning({ runId, owner, heartbeatAt }: RunRecord): void {
  if (owner === null || isAlive(owner, heartbeatAt ?? 0, systemClock.now()) === "dead") return;
  throw new UsageError(`Run ${runId} is being played by another process. Pause it first.`, "oncall pause");
}

/** @throws UsageError unless the run's id is typed */
async function confirm({ runId }: RunRecord, folder: string | null): Promise<void> {
  if (!process.stdin.isTTY) throw new UsageError("There is nobody to ask. Say --yes to delete without asking.");
  note(`This deletes run ${runId}${folder === null ? "" : ` and ${folder}`} for good.`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = await lines.question("Type its id to go on: ");
    if (typed.trim() !== runId) throw new UsageError("That was another id; nothing was deleted.");
  } finally {
    lines.close();
  }
}
