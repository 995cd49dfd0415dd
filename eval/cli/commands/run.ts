import { dirname, join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { systemClock } from "../../clock.ts";
import { UsageError } from "../../errors.ts";
import { makePlan, newRunId } from "../../plan.ts";
import type { Plan } from "../../plan.ts";
import type { RunSummary } from "../../run.ts";
import { readDifficulties, readSplit, selectTasks } from "../../select.ts";
import { readVariants } from "../../variants.ts";
import { agentNames, readAgents, withAgentOptions } from "../agent-options.ts";
import type { Agents, GivenOptions } from "../agent-options.ts";
import { EXIT } from "../exit.ts";
import { leaderboardText } from "../leaderboard-table.ts";
import { dbOption, jsonOption, wholeNumber } from "../options.ts";
import { note, print, printJson, printTable } from "../output.ts";
import { playPlan } from "../play-plan.ts";
import type { Wiring } from "../wiring.ts";

interface RunOptions extends GivenOptions {
  readonly agents?: string;
  readonly models?: string;
  readonly trials: number;
  readonly seed: number;
  readonly salt?: string;
  readonly split?: string;
  readonly difficulty?: string;
  readonly taskIds?: string;
  readonly concurrency: number;
  readonly episodeRetries: number;
  readonly maxProviderErrorRate: number;
  readonly maxEpisodeTokens?: number;
  readonly env?: string;
  readonly db: string;
  readonly name?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** `oncall run`: agents × tasks × trials, stored. */
export function runCommand(wiring: Wiring): Command {
  const command = new Command("run")
    .summary("play agents × tasks × trials and store every episode")
    .description(
      "Plays every agent on every selected task, several trials each, and stores every episode and step. " +
        "Seeds are derived from the base seed, so that all agents meet the same incidents.",
    )
    .option("--agents <list>", `who plays, separated by commas: ${agentNames()}; absent with --models: tools`)
    .option("--models <list>", "models and groups for tools, react and prompting where they name none")
    .option("--trials <n>", "episodes per agent and task", wholeNumber(1, 10_000), 1)
    .option("--seed <n>", "base seed of the evaluation", wholeNumber(0), 0)
    .option("--split <name>", "tasks of a split: train, dev, test")
    .option("--difficulty <list>", "tasks of a band: easy, medium, hard")
    .option("--task-ids <list>", "these tasks, separated by commas")
    .option("--concurrency <n>", "episodes at once of agents that ask no model", wholeNumber(1, 256), 4)
    .option("--env <url>", "a running server; absent: in this process")
    .option("--name <text>", "a name to find the run by")
    .option("--dry-run", "say what would be played, and stop");
  return withAgentOptions(command)
    .option(
      "--episode-retries <n>",
      "times that an episode which its provider spoilt is played again",
      wholeNumber(0, 10),
      1,
    )
    .option(
      "--max-provider-error-rate <share>",
      "of an endpoint's episodes, from 0 to 1; beyond it is given up",
      share,
      0.25,
    )
    .option("--max-episode-tokens <n>", "input and output of one episode; then it ends, and is scored", wholeNumber(1))
    .addOption(dbOption())
    .addOption(jsonOption())
    .addOption(new Option("--salt <text>").env("ONCALL_SEED_SALT").hideHelp())
    .action(async (options: RunOptions) => {
      const agents = readAgents(options);
      const plan = planOf(wiring, options, agents);
      if (options.dryRun) return showPlan(plan, options.json === true);
      const summary = await play(wiring, plan, options, agents);
      process.exitCode = EXIT_OF[summary.status];
    });
}

/** Exit code by how a run ended. */
export const EXIT_OF: Readonly<Record<RunSummary["status"], number>> = {
  complete: EXIT.ok,
  failed: EXIT.failed,
  cancelled: EXIT.failed,
  halted: EXIT.provider,
};

function planOf({ suite }: Wiring, options: RunOptions, { sources }: Agents): Plan {
  const { agents = options.models === undefined ? null : "tools" } = options;
  if (agents === null)
    throw new UsageError("Nobody plays: --agents or --models is missing.", "oncall run --agents random");
  return makePlan({
    runId: newRunId(new Date(systemClock.now()), Math.random),
    suite,
    tasks: selectTasks(suite, {
      split: options.split === undefined ? undefined : readSplit(options.split),
      difficulty: options.difficulty === undefined ? undefined : readDifficulties(options.difficulty),
      taskIds: options.taskIds?.split(",").map((id) => id.trim()),
    }),
    variants: readVariants(agents, sources),
    trials: options.trials,
    baseSeed: options.seed,
    salt: options.salt ?? "",
  });
}

async function play(wiring: Wiring, plan: Plan, options: RunOptions, agents: Agents): Promise<RunSummary> {
  const { env, db, name, concurrency, json } = options;
  if (env !== undefined && plan.variants.some(({ agent }) => agent.kind === "command")) {
    throw new UsageError("Outside programs play in an environment of this process; leave out --env.");
  }
  const store = await wiring.openStore(db, false);
  try {
    const summary = await playPlan(wiring, {
      plan,
      store,
      concurrency,
      name,
      agents,
      connect: () => (env === undefined ? wiring.connectLocal() : wiring.connectTo(env)),
      rules: {
        episodeRetries: options.episodeRetries,
        maxErrorRate: options.maxProviderErrorRate,
        maxEpisodeTokens: options.maxEpisodeTokens,
      },
      folder: join(dirname(db), plan.runId),
    });
    if (json) printJson(summary);
    else {
      print(leaderboardText(await store.episodes({ runIds: [plan.runId] })));
      print(`Run ${plan.runId}, ${summary.done} of ${summary.planned} episodes, in ${db}`);
    }
    if (summary.status === "halted") note("The run is halted, and nothing of it is ranked.");
    return summary;
  } finally {
    await store.close();
  }
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

function share(text: string): number {
  const value = /^(?:0(?:\.\d+)?|1(?:\.0+)?)$/.test(text) ? Number(text) : NaN;
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("Expected a number from 0 to 1.");
}
