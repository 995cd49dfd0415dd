import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Argument, Command } from "commander";
import { UsageError } from "../../errors.ts";
import { groupBy } from "../../report/group-by.ts";
import { metricsOf } from "../../report/metrics.ts";
import { interval } from "../../report/numbers.ts";
import { asRescored, rescoreRun, rescoringLines } from "../../verify/rescore.ts";
import type { Rescoring } from "../../verify/rescore.ts";
import { EXIT } from "../exit.ts";
import { findRun } from "../find-run.ts";
import { dbOption, jsonOption } from "../options.ts";
import { note, printJson, printLine, printTable } from "../output.ts";
import { reading } from "../reading.ts";
import { runFolder } from "../run-folder.ts";
import type { Wiring } from "../wiring.ts";

interface RescoreOptions {
  readonly out?: string;
  readonly db: string;
  readonly json?: true;
}

/** `oncall rescore [RUN]`: what stored episodes are worth under this build's scoring. */
export function rescoreCommand(wiring: Wiring): Command {
  return new Command("rescore")
    .summary("score stored episodes under this build's scoring version, beside the old verdicts")
    .description(
      "Replays every scored episode and writes the verdict of this build as one line of JSON each, into a file of its " +
        "own. Nothing stored is changed, and no model is called. A file of that version that says otherwise is never " +
        "overwritten. Exit code 7 when a trajectory cannot be had again.",
    )
    .addArgument(new Argument("[run]", "which run; the newest when absent"))
    .option("--out <file>", "where to write; absent: rescored-VERSION.jsonl in the run's folder beside the database")
    .addOption(dbOption())
    .addOption(jsonOption())
    .action((id: string | undefined, options: RescoreOptions) =>
      reading(wiring, options.db, async (store) => {
        const run = await findRun(store, id);
        const rescoring = await rescoreRun(store, run);
        const file = options.out ?? join(runFolder(options.db, run.runId), `rescored-${rescoring.to}.jsonl`);
        const did = writeOnce(file, rescoringLines(rescoring));
        if (options.json) printJson({ run: run.runId, file, did, ...counts(rescoring), agents: agentsOf(rescoring) });
        else show(rescoring, file, did);
        if (rescoring.unscorable.length > 0) process.exitCode = EXIT.verification;
      }),
    );
}

/** Writes a file whole, or finds it as it should be. Throws a UsageError when another text stands there. */
function writeOnce(file: string, text: string): "written" | "unchanged" {
  if (existsSync(file)) {
    if (readFileSync(file, "utf8") === text) return "unchanged";
    throw new UsageError(`${file} is there and says otherwise. It was left as it is.`, "oncall rescore --out <file>");
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
  return "written";
}

const counts = ({ from, to, rescored, unscorable }: Rescoring) => ({
  from,
  to,
  rescored: rescored.length,
  changed: rescored.filter(({ entry, now }) => entry.score !== now.score || entry.outcome !== now.outcome).length,
  unscorable: unscorable.map(({ entry, reason }) => ({ episode_id: entry.episodeId, reason })),
});

const SHOWN = ["mean_score", "success_rate"];

/** Before and after, for each agent. */
const agentsOf = ({ rescored }: Rescoring) =>
  [...groupBy(rescored, ({ entry }) => entry.variantLabel)].map(([agent, own]) => ({
    agent,
    stored: metricsOf(
      own.map(({ entry }) => entry).filter(({ final }) => final),
      SHOWN,
    ),
    rescored: metricsOf(
      own.map(asRescored).filter(({ final }) => final),
      SHOWN,
    ),
  }));

function show(rescoring: Rescoring, file: string, did: string): void {
  const { from, to, rescored, changed, unscorable } = counts(rescoring);
  printTable(
    ["agent", `score, ${from}`, `score, ${to}`, `success, ${from}`, `success, ${to}`],
    agentsOf(rescoring).map(({ agent, stored, rescored: now }) => [
      agent,
      interval(stored.mean_score),
      interval(now.mean_score),
      interval(stored.success_rate),
      interval(now.success_rate),
    ]),
  );
  printLine(
    `${rescored} episodes, ${changed} with another verdict. ${did === "written" ? "Written to" : "As it was in"} ${file}`,
  );
  for (const { episode_id, reason } of unscorable) note(`${episode_id} was not rescored: ${reason}.`);
}
