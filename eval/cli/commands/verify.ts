import { Argument, Command, Option } from "commander";
import { isSound, verifyRun } from "../../verify/verify.ts";
import type { Verification } from "../../verify/verify.ts";
import { EXIT } from "../exit.ts";
import { findRun } from "../find-run.ts";
import { count } from "../../report/numbers.ts";
import { dbOption, jsonOption } from "../options.ts";
import { note, printJson, printLine } from "../output.ts";
import { reading, saltOption } from "../reading.ts";
import { showReplays } from "../replaying.ts";
import type { Wiring } from "../wiring.ts";

/** Mismatches that are printed one by one; `--json` has them all. */
const MOST_SHOWN = 20;

/** `oncall verify [RUN]`: plays stored episodes once more and compares. */
export function verifyCommand(wiring: Wiring): Command {
  return new Command("verify")
    .summary("replay stored episodes and compare every observation, reward and score")
    .description(
      "Carries out the stored actions of every attempt in the pure simulation, without agent or model, and compares " +
        "observations, rewards, the trajectory's hash and the verdict with what is stored; then suite, tasks, seeds and " +
        "ids. Exit code 7 when anything differs.",
    )
    .addArgument(new Argument("[run]", "which run; the newest when absent"))
    .addOption(new Option("--all", "every run in the database"))
    .addOption(dbOption())
    .addOption(saltOption())
    .addOption(jsonOption())
    .action((id: string | undefined, options: { all?: true; db: string; salt?: string; json?: true }) =>
      reading(wiring, options.db, async (store) => {
        const runs = options.all === true ? (await store.runs()).toReversed() : [await findRun(store, id)];
        const results: Verification[] = [];
        for (const run of runs) {
          const progress = showReplays();
          results.push(
            await verifyRun(store, run, { salt: options.salt ?? "", onEpisode: progress.update }).finally(
              progress.stop,
            ),
          );
        }
        if (options.json) printJson(options.all === true ? results : results[0]);
        else results.forEach(showVerification);
        if (!results.every(isSound)) process.exitCode = EXIT.verification;
      }),
    );
}

/** What verifying one run showed. */
export function showVerification(verification: Verification): void {
  const { runId, replayed, scored, problems, mismatches, notes } = verification;
  for (const remark of notes) note(`${runId}: ${remark}`);
  printLine(
    isSound(verification)
      ? `Run ${runId}: ${count(replayed, "attempt")} replayed, ${scored} of them scored; all as stored.`
      : `Run ${runId}: ${count(replayed, "attempt")} replayed, ${mismatches.length} not as stored.`,
  );
  for (const { what, detail } of problems.slice(0, MOST_SHOWN)) printLine(`  ${what}: ${detail}`);
  for (const { episodeId, variant, taskId, seed, problems: own } of mismatches.slice(0, MOST_SHOWN)) {
    const [first] = own;
    const more = own.length > 1 ? ` (and ${own.length - 1} more)` : "";
    printLine(`  ${episodeId} ${variant} on ${taskId}, seed ${seed}: ${first?.what}: ${first?.detail}${more}`);
  }
  const hidden = Math.max(0, problems.length - MOST_SHOWN) + Math.max(0, mismatches.length - MOST_SHOWN);
  if (hidden > 0) printLine(`  ${hidden} more; --json has them all.`);
}
