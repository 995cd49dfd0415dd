import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Command, Option } from "commander";
import { UsageError } from "../../errors.ts";
import { PAUSE_FILE } from "../../provider/pause-file.ts";
import { print } from "../output.ts";

export const pauseFileOption = (): Option =>
  new Option("--pause-file <file>", "while it exists no episode begins").env("ONCALL_PAUSE_FILE").default(PAUSE_FILE);

interface PauseOptions {
  readonly pauseFile: string;
  readonly now?: true;
}

/** `oncall pause`: the runs that look at the file stop, each after its current episodes. */
export function pauseCommand(): Command {
  return new Command("pause")
    .summary("let runs stop after their current episodes, until oncall unpause")
    .option("--now", "cut the current episodes: nothing more is sent, and they are played again later")
    .addOption(pauseFileOption())
    .action(({ pauseFile, now }: PauseOptions) => {
      changing(pauseFile, () => {
        mkdirSync(dirname(pauseFile), { recursive: true });
        writeFileSync(pauseFile, now === true ? "now\n" : "");
      });
      print(`Runs pause ${now === true ? "within seconds" : "after their current episodes"}: ${pauseFile} is there.`);
      print("To go on: oncall unpause, then oncall resume");
    });
}

/** `oncall unpause`: runs may begin episodes again; one that has paused is resumed with `oncall resume`. */
export function unpauseCommand(): Command {
  return new Command("unpause")
    .summary("take the pause file away; then oncall resume goes on")
    .addOption(pauseFileOption())
    .action(({ pauseFile }: PauseOptions) => {
      changing(pauseFile, () => rmSync(pauseFile, { force: true }));
      print(`${pauseFile} is gone. To go on: oncall resume`);
    });
}

/** @throws UsageError for what the file system refuses: a folder in the file's place, a lack of rights */
function changing(pauseFile: string, change: () => void): void {
  try {
    change();
  } catch (error) {
    throw new UsageError(
      `The pause file ${pauseFile} cannot be changed: ${(error as Error).message}. While anything is there, runs pause.`,
      "take it away by hand, or name another with --pause-file",
    );
  }
}
