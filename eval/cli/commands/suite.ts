import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { suiteId } from "../../../env/core/task.ts";
import { checkFrozen } from "../../suite/check.ts";
import type { Checked } from "../../suite/check.ts";
import { freezeSuite, frozenFile, writeFrozen } from "../../suite/freeze.ts";
import { summarised, validateTask } from "../../suite/soundness.ts";
import { EXIT } from "../exit.ts";
import { jsonOption, wholeNumber } from "../options.ts";
import { note, print, printJson } from "../output.ts";
import type { Wiring } from "../wiring.ts";

/** `oncall suite freeze|check`: suites that never change again. */
export function suiteCommand(wiring: Wiring): Command {
  const suite = new Command("suite").summary("freeze a suite, or check that it is as it was frozen");
  suite.addCommand(freezeCommand(wiring));
  suite.addCommand(checkCommand(wiring));
  return suite;
}

const withFolder = (command: Command, { frozenFolder }: Wiring): Command =>
  command.option("--folder <path>", "where frozen suites are kept", frozenFolder);

function freezeCommand(wiring: Wiring): Command {
  return withFolder(new Command("freeze"), wiring)
    .summary("write the suite in use as name@version.json")
    .description(
      "Validates every cause of every task, plays the reference trajectories, and writes definitions and digests. A " +
        "version that is frozen keeps its definitions for ever; its digests are renewed only under a new environment " +
        "or scoring version.",
    )
    .option("--seeds <n>", "seeds per task and cause to validate", wholeNumber(1, 100_000), 20)
    .action(async ({ folder, seeds }: { folder: string; seeds: number }) => {
      const { suite, referenceFor, validateInstance } = wiring;
      const problems = suite.tasks.flatMap((task) => validateTask(task, seeds, validateInstance));
      if (problems.length > 0) {
        for (const line of summarised(problems, seeds)) print(line);
        note(`${suiteId(suite)} is not sound and was not frozen; see oncall tasks validate.`);
        process.exitCode = EXIT.verification;
        return;
      }
      const done = writeFrozen(folder, await freezeSuite(suite, referenceFor));
      print(`${suiteId(suite)}: ${suite.tasks.length} tasks, ${done}: ${frozenFile(folder, suite)}`);
    });
}

function checkCommand(wiring: Wiring): Command {
  return withFolder(new Command("check"), wiring)
    .summary("compare every frozen suite with its seal, the suite in use and today's trajectories")
    .addOption(jsonOption())
    .action(async ({ folder, json }: { folder: string; json?: true }) => {
      const { suite } = wiring;
      if (!existsSync(frozenFile(folder, suite))) {
        note(
          `WARNING: ${suiteId(suite)} IS NOT FROZEN: there is no ${frozenFile(folder, suite)}. Run: oncall suite freeze`,
        );
      }
      const checked: Checked[] = [];
      for (const file of frozenFilesIn(folder)) checked.push(await checkFrozen(file, suite));
      if (json) printJson(checked);
      else for (const one of checked) report(one);
      if (checked.some(({ differences }) => differences.length > 0)) process.exitCode = EXIT.verification;
    });
}

function frozenFilesIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => join(folder, name));
}

function report({ suite, differences, notes }: Checked): void {
  for (const text of notes) note(`${suite}: ${text}`);
  if (differences.length === 0) print(`${suite}: as it was frozen`);
  for (const { what, task, detail } of differences) print(`${suite}: ${task ?? "suite"}: ${what}: ${detail}`);
}
