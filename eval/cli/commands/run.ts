import { Command } from "commander";
import { readAgents, withAgentOptions } from "../agent-options.ts";
import type { Agents } from "../agent-options.ts";
import { UsageError } from "../../errors.ts";
import type { Plan } from "../../plan.ts";
import { readPlan, withPlanOptions } from "../plan-options.ts";
import type { PlanOptions } from "../plan-options.ts";
import { showPreview } from "../preview-text.ts";
import { resumeStored } from "../resume-stored.ts";
import { sit } from "../sitting.ts";
import { withSittingOptions } from "../sitting-options.ts";
import type { SittingOptions } from "../sitting-options.ts";
import { storedRequest } from "../stored-request.ts";
import type { Wiring } from "../wiring.ts";
import { findUnfinished } from "./resume.ts";

type RunOptions = PlanOptions &
  SittingOptions & {
    readonly name?: string;
    readonly dryRun?: true;
    /** True: the latest unfinished one. */
    readonly resume?: string | true;
    readonly amend?: true;
  };

/** `oncall run`: agents × tasks × trials, stored. */
export function runCommand(wiring: Wiring): Command {
  const command = new Command("run")
    .summary("play agents × tasks × trials and store every episode")
    .description(
      "Plays every agent on every selected task, several trials each, and stores every episode and step. " +
        "Seeds are derived from the base seed, so that all agents meet the same incidents. The first interrupt " +
        "pauses after the current episodes; oncall resume goes on.",
    );
  withPlanOptions(command)
    .option("--name <text>", "a name to find the run by")
    .option("--dry-run", "say what would be played, how long it takes at least and what it costs, and stop")
    .option("--yes", "accepted for scripts that say it: nothing is ever asked")
    .option("--resume [run]", "go on with a run; with flags that say what is played, only if it is the same")
    .option("--amend", "with --resume: add the agents, incidents or trials that are given here");
  return withSittingOptions(withAgentOptions(command)).action(async (options: RunOptions) => {
    const { resume, amend } = options;
    if (resume !== undefined) {
      const id = resume === true ? undefined : resume;
      return resumeStored(wiring, {
        id,
        find: (store) => findUnfinished(store, id),
        options,
        command,
        amend: amend === true,
      });
    }
    if (amend === true) throw new UsageError("--amend adds to a run that is there.", "--resume RUN --amend");
    const agents = readAgents(options);
    const plan = readPlan(wiring, options, agents);
    if (options.dryRun === true) return showPreview(wiring, plan, agents, options);
    return play(wiring, plan, agents, options);
  });
}

async function play(wiring: Wiring, plan: Plan, agents: Agents, options: RunOptions): Promise<void> {
  const { env, db, name, salt } = options;
  if (env !== undefined && plan.variants.some(({ agent }) => agent.kind === "command")) {
    throw new UsageError("Outside programs play in an environment of this process; leave out --env.");
  }
  const backend = await wiring.openBackend(db);
  try {
    if ((await backend.results.run(plan.runId)) !== null) {
      throw new UsageError(`This shard's run is in ${db} already.`, `oncall resume ${plan.runId}`);
    }
    await sit(wiring, backend, {
      plan,
      agents,
      options,
      name,
      salt,
      asked: [storedRequest(options)],
      isResumed: false,
    });
  } finally {
    await backend.close();
  }
}
