import { Command } from "commander";
import { readAgents, withAgentOptions } from "../../../eval/cli/agent-options.ts";
import { readPlan, withPlanOptions } from "../../../eval/cli/plan-options.ts";
import type { PlanOptions } from "../../../eval/cli/plan-options.ts";
import type { Wiring } from "../../../eval/cli/wiring.ts";
import type { Plan } from "../../../eval/plan.ts";
import { coreSuite } from "../../../tasks/index.ts";

/** As much of the wiring as plans are made of. */
export const wiring = { suite: coreSuite } as Wiring;

/** Addresses at which nobody is. */
export const NOWHERE = ["--base-url", "http://127.0.0.1:9/v1"] as const;

/** What commander makes of a command line. */
export function optionsOf(...args: readonly string[]): PlanOptions {
  const command = withAgentOptions(withPlanOptions(new Command("run")))
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return command.parse([...args], { from: "user" }).opts();
}

export const plannedFrom = (options: PlanOptions, runId?: string): Plan =>
  readPlan(wiring, options, readAgents(options), runId);

export const planned = (...args: readonly string[]): Plan => plannedFrom(optionsOf(...args));

/** `inc-101` ids, without doubles, in the order of play. */
export const tasksPlayed = (plan: Plan): string[] => [...new Set(plan.slots.map(({ task }) => task.id))];

/** Episodes of each agent. */
export const episodesOf = (plan: Plan): Record<string, number> =>
  Object.fromEntries(
    plan.variants.map(({ id, label }) => [label, plan.slots.filter(({ variant }) => variant.id === id).length]),
  );
