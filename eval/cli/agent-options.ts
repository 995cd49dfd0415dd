import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import { agentFamilies, agentKinds } from "../../agents/index.ts";
import { CONFIG_FILE, ModelEntry, readConfigFile } from "../provider/config.ts";
import type { OncallConfig } from "../provider/config.ts";
import { DEPLOYMENTS, policyValue } from "../provider/policy.ts";
import { REASONING_MODES } from "../provider/reasoning.ts";
import { policyFlags } from "../provider/read-policy.ts";
import type { PolicySources } from "../provider/read-policy.ts";
import type { AgentSources } from "../variants.ts";
import { wholeNumber } from "./options.ts";

function temperature(text: string): number {
  const value = /^\d(?:\.\d{1,4})?$/.test(text) ? Number(text) : NaN;
  if (value >= 0 && value <= 2) return value;
  throw new InvalidArgumentError("Expected a number from 0 to 2.");
}

/** Flags that say of models what the configuration would, for every model of the command. */
const modelFlags: readonly (readonly [field: keyof ModelEntry, option: Option])[] = [
  [
    "base_url",
    new Option("--base-url <url>", "address of OpenAI's Chat Completions; a model then needs no configuration"),
  ],
  ["api_key_env", new Option("--api-key-env <name>", "the variable that holds the key")],
  ["temperature", new Option("--temperature <n>", "of the model; absent: the server's own").argParser(temperature)],
  ["max_output_tokens", new Option("--max-output-tokens <n>", "longest reply").argParser(wholeNumber(1))],
  [
    "reasoning",
    new Option("--reasoning <mode>", "whether the model is asked to think; absent: the server's own").choices(
      REASONING_MODES,
    ),
  ],
  ["deployment", new Option("--deployment <where>", "decides how the provider is treated").choices(DEPLOYMENTS)],
  ["provider", new Option("--provider <name>", "who serves the model")],
  ["model_version", new Option("--model-version <text>", "of the weights")],
  ["quantization", new Option("--quantization <text>", "of the weights")],
  ["engine_name", new Option("--engine-name <text>", "what the model runs on")],
  ["engine_version", new Option("--engine-version <text>", "of the engine")],
  ["hardware", new Option("--hardware <text>", "where it runs")],
  ["context_tokens", new Option("--context-tokens <n>", "size of the model's context").argParser(wholeNumber(1))],
];

const policyOptions = policyFlags.map(({ name, flag, summary, variables }) => ({
  name,
  option: new Option(`${flag} <n>`, `${summary} (${variables.join(", ")})`),
}));

/** What a program may take for an episode, in seconds. */
const LONGEST_COMMAND_S = 86_400;

const SHARED = {
  config: new Option("--config <file>", `models, groups, programs and prices (${CONFIG_FILE} when it is there)`).env(
    "ONCALL_CONFIG",
  ),
  assist: new Option("--assist", "repair a model's replies up to twice, then let the runbook act; results stay apart"),
  commandTimeout: new Option("--command-timeout <s>", "seconds that a program may take for an episode").argParser(
    wholeNumber(1, LONGEST_COMMAND_S),
  ),
};

/** What `--agents` takes, for help. */
export const agentNames = (): string => [...agentKinds, ...agentFamilies].map(({ name }) => name).join(", ");

/** Adds the flags that say who plays and how models and programs are reached. */
export function withAgentOptions(command: Command): Command {
  command.addOption(SHARED.config).addOption(SHARED.assist);
  for (const [, option] of modelFlags) command.addOption(option);
  for (const { option } of policyOptions) command.addOption(option);
  return command.addOption(SHARED.commandTimeout);
}

/** What the values of these flags are, by attribute name: none of them is a secret. */
export const agentOptionSchemas: Readonly<Record<string, z.ZodType>> = {
  config: z.string().min(1).optional(),
  assist: z.boolean().optional(),
  commandTimeout: z.int().min(1).max(LONGEST_COMMAND_S).optional(),
  ...Object.fromEntries(
    modelFlags.map(([field, option]) => [option.attributeName(), ModelEntry.shape[field].optional()]),
  ),
  ...Object.fromEntries(
    policyOptions.map(({ name, option }) => [option.attributeName(), policyValue(name).optional()]),
  ),
};

/** What the flags said: by their attribute names. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/** Who may play, and how providers are treated. */
export interface Agents {
  readonly config: OncallConfig;
  readonly sources: AgentSources;
  readonly policy: NonNullable<PolicySources["flags"]>;
}

/**
 * Reads configuration and flags.
 * @throws UsageError for a configuration that cannot be used
 */
export function readAgents(given: GivenOptions): Agents {
  const file = given["config"] as string | undefined;
  const config = readConfigFile(file);
  return {
    config,
    sources: {
      config,
      configFolder: dirname(resolve(file ?? CONFIG_FILE)),
      models: given["models"] as string | undefined,
      overrides: said(modelFlags.map(([field, option]) => [field, given[option.attributeName()]])),
      assisted: given["assist"] === true,
      commandTimeoutS: given["commandTimeout"] as number | undefined,
    },
    policy: said(policyOptions.map(({ name, option }) => [name, given[option.attributeName()]])),
  };
}

const said = (fields: readonly (readonly [string, unknown])[]): Record<string, unknown> =>
  Object.fromEntries(fields.filter(([, value]) => value !== undefined));
