import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { UsageError } from "../errors.ts";
import type { Budget } from "../provider/budget.ts";
import type { RunRules } from "../run.ts";
import type { GivenOptions } from "./agent-options.ts";
import { pauseFileOption } from "./commands/pause.ts";
import { dbOption, jsonOption, wholeNumber } from "./options.ts";

/** How a run is played in one sitting: none of it decides what is played, and all of it may differ when it is resumed. */
export interface SittingOptions extends GivenOptions {
  readonly concurrency: number;
  readonly episodeRetries: number;
  readonly maxProviderErrorRate: number;
  readonly maxCostUsd?: number;
  readonly maxCalls?: number;
  readonly maxTokensTotal?: number;
  readonly hardBudget?: true;
  /** False: none. */
  readonly pauseFile: string | false;
  readonly checkpointDir?: string;
  readonly report?: true;
  readonly failUnder?: number;
  readonly requireEligible?: true;
  readonly env?: string;
  readonly db: string;
  readonly json?: true;
}

export const withSittingOptions = (command: Command): Command =>
  command
    .option("--concurrency <n>", "episodes at once of agents that ask no model", wholeNumber(1, 256), 4)
    .option("--env <url>", "a running server; absent: in this process")
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
    .option("--max-cost-usd <n>", "no episode begins that is not expected to fit; over all sittings", dollars)
    .option("--max-calls <n>", "the same for calls to models", wholeNumber(1))
    .option("--max-tokens-total <n>", "the same for their input and output", wholeNumber(1))
    .option("--hard-budget", "cut episodes, too, when a budget is used up")
    .addOption(pauseFileOption())
    .option("--no-pause-file", "look at no pause file")
    .option("--checkpoint-dir <folder>", "where run.json and the episodes' files go; absent: beside the database")
    .option("--report", "write figures and report when it is over")
    .option("--fail-under <share>", "exit with 3 if an agent's success is below; anchors count only alone", share)
    .option("--require-eligible", "exit with 3 if an agent cannot be ranked")
    .addOption(dbOption())
    .addOption(jsonOption());

export const rulesOf = ({ episodeRetries, maxProviderErrorRate }: SittingOptions): Partial<RunRules> => ({
  episodeRetries,
  maxErrorRate: maxProviderErrorRate,
});

export function budgetOf({ maxCostUsd, maxCalls, maxTokensTotal, hardBudget }: SittingOptions): Budget {
  const budget: Budget = {
    costUusd: maxCostUsd === undefined ? undefined : Math.round(maxCostUsd * 1e6),
    calls: maxCalls,
    tokens: maxTokensTotal,
  };
  if (hardBudget === true && Object.values(budget).every((bound) => bound === undefined)) {
    throw new UsageError("--hard-budget needs a budget.", "--max-cost-usd 5");
  }
  return budget;
}

export function share(text: string): number {
  const value = /^(?:0(?:\.\d+)?|1(?:\.0+)?)$/.test(text) ? Number(text) : NaN;
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("Expected a number from 0 to 1.");
}

function dollars(text: string): number {
  const value = /^\d{1,7}(?:\.\d{1,6})?$/.test(text) ? Number(text) : NaN;
  if (value > 0) return value;
  throw new InvalidArgumentError("Expected US dollars above 0.");
}
