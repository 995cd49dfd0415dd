import { Argument, Command } from "commander";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../../errors.ts";
import { dbOption, jsonOption } from "../options.ts";
import { printJson, printTable } from "../output.ts";
import type { Wiring } from "../wiring.ts";

/** `oncall merge DB…`: results of several files in one. */
export function mergeCommand({ mergeFiles }: Wiring): Command {
  return new Command("merge")
    .summary("copy the results of other databases into this one; twice does no harm")
    .description(
      "Brings together runs of several machines, and the shards of one run. What is there stays. A file that holds " +
        "another suite, task or run under the same name and version is refused, and nothing of it is kept.",
    )
    .addArgument(new Argument("<files...>", "databases to copy from"))
    .addOption(dbOption())
    .addOption(jsonOption())
    .action((files: readonly string[], { db, json }: { db: string; json?: true }) => {
      for (const file of files) {
        if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
        if (resolve(file) === resolve(db)) throw new UsageError(`${file} is the database itself.`, "--db <file>");
      }
      const merged = mergeFiles(db, files);
      if (json) return printJson(merged);
      printTable(
        ["file", "runs", "slots", "episodes", "had already"],
        merged.map(({ file, runs, slots, episodes, already }) => [file, runs, slots, episodes, already].map(String)),
      );
    });
}
