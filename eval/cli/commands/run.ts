import { Command, Option } from "commander";
import { agentKinds } from "../../../agents/index.ts";
import { UsageError } from "../../errors.ts";
import { makePlan, newRunId } from "../../plan.ts";
import type { Plan } from "../../plan.ts";
import { runPlan } from "../../run.ts";
import type { RunSummary } from "../../run.ts";
import { readDifficulties, readSplit, selectTasks } from "../../select.ts";
import { readVariants } from "../../variants.ts";
import { systemClock } from "../../clock.ts";
import type { EnvClient } from "../../../env/client/client.ts";
import type { ResultStore } from "../../../env/store/store.ts";
import { EXIT } from "../exit.ts";
import { runFacts } from "../facts.ts";
import { dbOption, jsonOption, wholeNumber } from "../options.ts";
import { note, print, printJson, printTable } from "../output.ts";
import { showProgress } from "../progress.ts";
import { leaderboardText } from "../leaderboard-table.ts";
import { onInterrupt } from "../signals.ts";
import type { Wiring } from "../wiring.ts";

interface RunOptions {
  readonly agents: string;
  readonly trials: number;
  readonly seed: number;
  readonly split?: string;
  readonly difficulty?: string;
  readonly taskIds?: string;
  readonly concurrency: number;
  readonly env?: string;
  readonly db: string;
  readonly name?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** `oncall run`: agents × tasks × trials, stored. */
export function runCommand(wiring: Wiring): Command {
  return new Command("run")
    .summary("play agents × tasks × trials and store every episode")
    .description(
      "Plays every agent on every selected task, several trials each, and stores every episode and step. " +
        "Seeds are derived from the base seed, so that all agents meet the same incidents.",
    )
    .requiredOption(
      "--agents <list>",
      `who plays, separated by commas: ${agentKinds.map(({ name }) => name).join(", ")}`,
    )
    .option("--trials <n>", "episodes per agent and task", wholeNumber(1, 10_000), 1)
    .option("--seed <n>", "base seed of the evaluation", wholeNumber(0), 0)
    .option("--split <name>", "tasks of a split: train, dev, test")
    .option("--difficulty <list>", "tasks of a band: easy, medium, hard")
    .option("--task-ids <list>", "these tasks, separated by commas")
    .option("--concurrency <n>", "episodes at once", wholeNumber(1, 256), 4)
    .option("--env <url>", "a running server; absent: in this process")
    .option("--name <text>", "a name to find the run by")
    .option("--dry-run", "say what would be played, and stop")
    .addOption(dbOption())
    .addOption(jsonOption())
    .addOption(new Option("--salt <text>").env("ONCALL_SEED_SALT").hideHelp())
    .action(async (options: RunOptions & { salt?: string }) => {
      const plan = planOf(wiring, options);
      if (options.dryRun) return showPlan(plan, options.json === true);
      const connect = (): Promise<EnvClient> =>
        options.env === undefined ? wiring.connectLocal() : wiring.connectTo(options.env);
      const store = await wiring.openStore(options.db, false);
      try {
        const summary = await play(wiring, plan, store, options.concurrency, connect, options.name);
        const episodes = await store.episodes({ runIds: [plan.runId] });
        if (options.json) printJson(summary);
        else {
          print(leaderboardText(episodes));
          print(`Run ${plan.runId}, ${summary.done} of ${summary.planned} episodes, in ${options.db}`);
        }
        process.exitCode = summary.status === "complete" ? EXIT.ok : EXIT.failed;
      } finally {
        await store.close();
      }
    });
}

function planOf({ suite }: Wiring, options: RunOptions & { salt?: string }): Plan {
  return makePlan({
    runId: newRunId(new Date(systemClock.now()), Math.random),
    suite,
    tasks: selectTasks(suite, {
      split: options.split === undefined ? undefined : readSplit(options.split),
      difficulty: options.difficulty === undefined ? undefined : readDifficulties(options.difficulty),
      taskIds: options.taskIds?.split(",").map((id) => id.trim()),
    }),
    variants: readVariants(options.agents),
    trials: options.trials,
    baseSeed: options.seed,
    salt: options.salt ?? "",
  });
}

function showPlan(plan: Plan, json: boolean): void {
  const agents = plan.variants.map(({ label }) => label);
  const tasks = plan.tasks.map(({ id }) => id);
  if (json) {
    return printJson({
      agents,
      tasks,
      trials: plan.trials,
      episodes: plan.slots.length,
      fingerprint: plan.fingerprint,
    });
  }
  printTable(
    ["agents", "tasks", "trials", "episodes"],
    [[agents.join(", "), `${tasks.length}`, `${plan.trials}`, `${plan.slots.length}`]],
  );
}

/** Plays a plan with progress on stderr; the first interrupt finishes the current episodes and stops. */
export async function play(
  wiring: Wiring,
  plan: Plan,
  store: ResultStore,
  concurrency: number,
  connect: () => Promise<EnvClient>,
  name?: string,
): Promise<RunSummary> {
  if (plan.slots.length === 0) throw new UsageError("There is nothing to play.");
  const progress = showProgress(plan.slots.length);
  const interrupt = onInterrupt(() => note("Stopping after the current episodes; interrupt again to stop at once."));
  try {
    const facts = runFacts(plan.suite, { command: process.argv.slice(2) });
    return await runPlan(plan, name === undefined ? facts : { ...facts, name }, concurrency, {
      store,
      clock: systemClock,
      connect,
      referenceFor: wiring.referenceFor,
      signal: interrupt.signal,
      onEpisode: (event) => {
        progress.update(event);
        if (event.error !== null) note(`${event.slot.task.id} ${event.slot.variant.label}: ${event.error}`);
      },
    });
  } finally {
    interrupt.dispose();
    progress.stop();
  }
}
