import { join } from "node:path";
import { Argument, Command } from "commander";
import { writeBundle } from "../../export/bundle/write.ts";
import { bundleDocuments } from "../../export/documents.ts";
import { isIntact, submittedRuns, validateBundle } from "../../export/submit.ts";
import type { Validation } from "../../export/submit.ts";
import { isRanked, reasonsOf } from "../../report/board.ts";
import type { Board } from "../../report/board.ts";
import { boardJson } from "../../report/board-json.ts";
import { thisBuild } from "../../report/build.ts";
import { count } from "../../report/numbers.ts";
import { EXIT } from "../exit.ts";
import { findRun } from "../find-run.ts";
import { dbOption, jsonOption } from "../options.ts";
import { note, printJson, printLine } from "../output.ts";
import { reading, saltOption } from "../reading.ts";
import { replayedBoard, showReplays } from "../replaying.ts";
import { runFolder } from "../run-folder.ts";
import type { Wiring } from "../wiring.ts";
import { showVerification } from "./verify.ts";

/** `oncall submit prepare|validate`: results that a stranger can check. */
export function submitCommand(wiring: Wiring): Command {
  const submit = new Command("submit").summary("prepare a bundle of a run that others can check, or check one");
  submit.addCommand(prepareCommand(wiring));
  submit.addCommand(validateCommand(wiring));
  return submit;
}

interface PrepareOptions {
  readonly out?: string;
  readonly force?: true;
  readonly salt?: string;
  readonly db: string;
  readonly json?: true;
}

function prepareCommand(wiring: Wiring): Command {
  return new Command("prepare")
    .summary("write a run, and the anchors it is held against, as a folder with hashes")
    .description(
      "Replays the run and applies the ten conditions of being ranked first. An entry that fails one is not written " +
        "unless forced, and exit code 3 says so.",
    )
    .addArgument(new Argument("[run]", "which run; the newest when absent"))
    .option("--out <folder>", "where to; absent: submission in the run's folder beside the database")
    .option("--force", "write it although an entry could not be ranked")
    .addOption(dbOption())
    .addOption(saltOption())
    .addOption(jsonOption())
    .action((id: string | undefined, options: PrepareOptions) =>
      reading(wiring, options.db, async (store) => {
        const run = await findRun(store, id);
        const board = await replayedBoard(wiring, store, [run], options);
        if (!isRankable(board)) process.exitCode = EXIT.threshold;
        if (!isRankable(board) && options.force !== true) {
          note("Nothing was written: no entry besides anchors, or one that could not be ranked. --force writes it.");
          return options.json
            ? printJson({ written: null, ...boardJson(board) })
            : reasonsOf(board.rows).forEach(printLine);
        }
        const runs = await submittedRuns(store, run);
        const folder = options.out ?? join(runFolder(options.db, run.runId), "submission");
        const bundle = await writeBundle(folder, store, runs, await bundleDocuments(store, run, board));
        if (options.json) return printJson({ written: bundle, ...boardJson(board) });
        for (const reason of reasonsOf(board.rows)) printLine(reason);
        printLine(`${count(runs.length, "run")} in ${bundle.folder}. Check it with: oncall submit validate ${folder}`);
      }),
    );
}

/** Whether there is an entry besides the anchors, and all such are ranked. */
function isRankable({ rows }: Board): boolean {
  const agents = rows.filter(({ table }) => table !== "anchors");
  return agents.length > 0 && agents.every(isRanked);
}

function validateCommand(wiring: Wiring): Command {
  return new Command("validate")
    .summary("check a bundle: hashes, a replay of every episode, the ten conditions")
    .description(
      "Exit code 7 when a hash or a replay does not match, 3 when all do but an entry could not be ranked, 0 when it could.",
    )
    .addArgument(new Argument("<folder>", "a bundle, as submit prepare or export bundle writes it"))
    .addOption(saltOption())
    .addOption(jsonOption())
    .action(async (folder: string, { salt = "", json }: { salt?: string; json?: true }) => {
      const progress = showReplays();
      const build = thisBuild(wiring.suite, wiring.frozenFolder);
      const validation = await validateBundle(folder, { build, salt, onEpisode: progress.update }).finally(
        progress.stop,
      );
      process.exitCode = codeOf(validation);
      if (json) return printJson(asJson(validation));
      show(validation);
    });
}

const isEligible = ({ entries, eligible }: Validation): boolean =>
  entries.length > 0 && eligible.length === entries.length;

function codeOf(validation: Validation): number {
  if (!isIntact(validation)) return EXIT.verification;
  return isEligible(validation) ? EXIT.ok : EXIT.threshold;
}

function show(validation: Validation): void {
  const { problems, verifications, board, entries, eligible } = validation;
  for (const { what, detail } of problems) printLine(`${what}: ${detail}`);
  verifications.forEach(showVerification);
  for (const reason of reasonsOf(board.rows)) printLine(reason);
  if (!isIntact(validation)) return printLine("This bundle is not what it says: it does not count.");
  if (entries.length === 0) return printLine("Intact. It holds anchors only, so that there is nothing to rank.");
  printLine(`Intact. Can be ranked: ${eligible.join(", ") || "none"} of ${entries.join(", ")}.`);
}

const asJson = (validation: Validation) => ({
  intact: isIntact(validation),
  problems: validation.problems,
  verifications: validation.verifications,
  submitted: validation.entries,
  eligible: validation.eligible,
  ...boardJson(validation.board),
});
