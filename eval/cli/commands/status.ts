import { Command, Option } from "commander";
import type { ResultStore, RunRecord } from "../../../env/store/store.ts";
import { systemClock } from "../../clock.ts";
import { readPauseFile } from "../../provider/pause-file.ts";
import { readStatus } from "../../watch/run-status.ts";
import type { RunStatus, TargetKind } from "../../watch/run-status.ts";
import { statusText } from "../../watch/status-text.ts";
import { findRun } from "../find-run.ts";
import { dbOption, jsonOption } from "../options.ts";
import { print, printJson } from "../output.ts";
import { reading } from "../reading.ts";
import type { Wiring } from "../wiring.ts";
import { pauseFileOption } from "./pause.ts";

/** What `status` and `watch` have in common. */
export interface StatusOptions {
  readonly by: TargetKind;
  readonly pauseFile: string;
  readonly db: string;
  readonly json?: true;
}

/** `oncall status [RUN]`: how far a run is, also while another process plays it. */
export function statusCommand(wiring: Wiring): Command {
  const command = new Command("status").summary("how far a run is, and why it waits; also from another terminal");
  return withStatusOptions(command).action((id: string | undefined, options: StatusOptions) =>
    reading(wiring, options.db, async (store) => {
      const status = await statusNow(store, (await findWatched(store, id)).runId, options);
      if (options.json) printJson(status);
      else print(statusText(status, options.by));
    }),
  );
}

export const withStatusOptions = (command: Command): Command =>
  command
    .argument("[run]", "which run; absent: the newest that is being played, else the newest")
    .addOption(new Option("--by <what>", "a row for each").choices(["agent", "task"]).default("agent"))
    .addOption(pauseFileOption())
    .addOption(dbOption())
    .addOption(jsonOption());

/** The run by id, or the newest that is being played, or the newest. */
export async function findWatched(store: ResultStore, id: string | undefined): Promise<RunRecord> {
  const running = id === undefined ? (await store.runs()).find(({ status }) => status === "running") : undefined;
  return running ?? findRun(store, id);
}

/** @throws UsageError when the run is not stored any more */
export async function statusNow(store: ResultStore, runId: string, options: StatusOptions): Promise<RunStatus> {
  const { by, pauseFile } = options;
  return readStatus(store, await findRun(store, runId), {
    by,
    pause: readPauseFile(pauseFile),
    now: systemClock.now(),
  });
}
