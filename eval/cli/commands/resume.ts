import { Command } from "commander";
import type { ResultStore, RunRecord } from "../../../env/store/store.ts";
import { UsageError } from "../../errors.ts";
import { withAgentOptions } from "../agent-options.ts";
import { findRun } from "../find-run.ts";
import { resumeStored } from "../resume-stored.ts";
import { withSittingOptions } from "../sitting-options.ts";
import type { SittingOptions } from "../sitting-options.ts";
import type { Wiring } from "../wiring.ts";

/** `oncall resume`: goes on with a run that has stopped. */
export function resumeCommand(wiring: Wiring): Command {
  const command = new Command("resume")
    .summary("go on with a run that was paused, halted, killed, or ran out of its budget")
    .description(
      "Plays what the run still lacks: episodes that were never played, those that were being played when it stopped, " +
        "and those without a score. What is scored stays. The run plays what it was planned to; agents, incidents or " +
        "seeds that have changed since are refused with what differs.",
    )
    .argument("[run]", "which run; absent: the latest that is not finished");
  return withSittingOptions(withAgentOptions(command)).action((id: string | undefined, options: SittingOptions) =>
    resumeStored(wiring, { id, find: (store) => findUnfinished(store, id), options, command }),
  );
}

/** `oncall retry-errors`: plays again what has no score, also of a run that is complete. */
export function retryErrorsCommand(wiring: Wiring): Command {
  const command = new Command("retry-errors")
    .summary("play again the episodes of a run that have no score")
    .argument("[run]", "which run; absent: the latest with such episodes");
  return withSittingOptions(withAgentOptions(command)).action((id: string | undefined, options: SittingOptions) =>
    resumeStored(wiring, { id, find: (store) => findWithErrors(store, id), options, command }),
  );
}

/** The run by id, or the latest that is not complete or has been given more to play. */
export async function findUnfinished(store: ResultStore, id: string | undefined): Promise<RunRecord> {
  if (id !== undefined) return findRun(store, id);
  for (const run of (await store.runs()).filter(isOurs)) {
    if (run.status !== "complete" || (await store.slots(run.runId, "pending")).length > 0) return run;
  }
  throw new UsageError("Every run is finished.", "oncall run --agents random, or oncall retry-errors");
}

async function findWithErrors(store: ResultStore, id: string | undefined): Promise<RunRecord> {
  if (id !== undefined) return findRun(store, id);
  for (const run of await store.runs()) {
    if (isOurs(run) && (await store.slots(run.runId, "unscored")).length > 0) return run;
  }
  throw new UsageError("No run has an episode without a score.");
}

/** Whether it was started by `oncall run`: what is recorded of others is not planned, and cannot be resumed. */
const isOurs = ({ filter }: RunRecord): boolean => Array.isArray(filter["asked"]) && filter["asked"].length > 0;
