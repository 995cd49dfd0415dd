import { Command } from "commander";
import type { Backend } from "../../../env/store/backend.ts";
import { SLOT_STATES } from "../../../env/store/plan-records.ts";
import { systemClock } from "../../clock.ts";
import { UsageError } from "../../errors.ts";
import { groupBy } from "../../report/group-by.ts";
import { count } from "../../report/numbers.ts";
import { promoteTargets, removeTargets, rerunTargets, targetSlots } from "../../manage-targets.ts";
import type { TargetChange, TargetChoice, TargetSlot } from "../../manage-targets.ts";
import { findRun } from "../find-run.ts";
import { dbOption, jsonOption, runOption } from "../options.ts";
import { print, printJson, printTable } from "../output.ts";
import { reading } from "../reading.ts";
import type { Wiring } from "../wiring.ts";

interface TargetOptions {
  readonly run?: string;
  readonly agents?: string;
  readonly taskIds?: string;
  readonly db: string;
  readonly json?: true;
}

/** `oncall targets`: what a run has to play, and changes to it, also while it is played. */
export function targetsCommand(wiring: Wiring): Command {
  const targets = withChoice(
    new Command("targets")
      .summary("what a run plays and how far it is; remove, rerun and first change it, also while it is played")
      .description(
        "Agents and incidents of a run with the states of their episodes. To add agents, incidents or trials: " +
          "oncall run --resume RUN --amend.",
      ),
  ).action((options: TargetOptions) =>
    reading(wiring, options.db, async (store) => {
      const { runId } = await findRun(store, options.run);
      const rows = rowsOf(await targetSlots(store, runId, choiceOf(options)));
      if (options.json) return printJson({ run_id: runId, targets: rows });
      printTable(
        ["agent", "incident", ...SLOT_STATES, "attempts"],
        rows.map(({ agent, task, attempts, states }) => [
          agent,
          task,
          ...SLOT_STATES.map((state) => `${states[state]}`),
          `${attempts}`,
        ]),
      );
    }),
  );
  targets.addCommand(changing(wiring, "remove", "take out what was never played", removeTargets, "Removed"));
  targets.addCommand(changing(wiring, "rerun", "play again; earlier attempts stay on record", rerunTargets, "Queued"));
  targets.addCommand(changing(wiring, "first", "play before all others", promoteTargets, "Moved"));
  return targets;
}

type Change = typeof removeTargets;

function changing(wiring: Wiring, name: string, summary: string, change: Change, did: string): Command {
  return withChoice(
    new Command(name).summary(summary).description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`),
  ).action(async (_: unknown, command: Command) => {
    const options: TargetOptions = command.optsWithGlobals();
    const choice = choiceOf(options);
    if (choice.agents === undefined && choice.taskIds === undefined) {
      throw new UsageError("Say which: --agents, --task-ids, or both.", "oncall targets");
    }
    const backend = await wiring.openBackend(options.db);
    try {
      const { runId } = await findRun(backend.results, options.run);
      const changed = await change(depsOf(backend), runId, choice);
      if (options.json) return printJson({ run_id: runId, ...changed });
      print(changeText(did, changed, runId));
    } finally {
      await backend.close();
    }
  });
}

const depsOf = ({ results, jobs }: Backend) => ({ store: results, jobs, clock: systemClock });

const changeText = (did: string, { changed, kept }: TargetChange, runId: string): string =>
  `${did} ${count(changed, "episode")} of run ${runId}${kept === 0 ? "" : `; ${kept} stay as they are`}.`;

const withChoice = (command: Command): Command =>
  command
    .addOption(runOption())
    .option("--agents <list>", "of these agents")
    .option("--task-ids <list>", "of these incidents")
    .addOption(dbOption())
    .addOption(jsonOption());

const choiceOf = ({ agents, taskIds }: TargetOptions): TargetChoice => ({
  agents: listOf(agents),
  taskIds: listOf(taskIds),
});

const listOf = (text: string | undefined): string[] | undefined => text?.split(",").map((one) => one.trim());

function rowsOf(targets: readonly TargetSlot[]) {
  const groups = groupBy(targets, ({ agent, taskId }) => `${agent}\n${taskId}`);
  return [...groups.values()].map((own) => ({
    agent: own[0]?.agent ?? "",
    task: own[0]?.taskId ?? "",
    attempts: own.reduce((sum, { slot }) => sum + slot.attempts, 0),
    states: Object.fromEntries(
      SLOT_STATES.map((state) => [state, own.filter(({ slot }) => slot.state === state).length]),
    ) as Record<(typeof SLOT_STATES)[number], number>,
  }));
}
