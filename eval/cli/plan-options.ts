import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import { systemClock } from "../clock.ts";
import { UsageError } from "../errors.ts";
import { Matrix, MOST_TRIALS, readMatrix } from "../matrix.ts";
import { fingerprintOf, newRunId, planOf, shardedRunId } from "../plan.ts";
import type { Plan } from "../plan.ts";
import { PRESET_NAMES, presetHelp, presets } from "../presets.ts";
import type { PresetName } from "../presets.ts";
import { readShard, Shard } from "../shard.ts";
import type { PlanParts } from "../targets.ts";
import { agentNames } from "./agent-options.ts";
import type { Agents, GivenOptions } from "./agent-options.ts";
import { aliasHelp } from "./aliases.ts";
import { wholeNumber } from "./options.ts";
import { groupsOf } from "./plan-targets.ts";
import type { ReadOptions } from "./plan-targets.ts";
import { saltOption } from "./reading.ts";
import type { Wiring } from "./wiring.ts";

const shard = (text: string): Shard => {
  try {
    return readShard(text);
  } catch (error) {
    throw new InvalidArgumentError((error as UsageError).message);
  }
};

const names = z.string().min(1).max(10_000);
const count = (most: number) => z.int().min(1).max(most);

/** A flag that decides what is played, and what a run keeps of it; null where it keeps something else instead. */
interface PlanOption {
  readonly option: Option;
  readonly stored: z.ZodType | null;
}

const planOption = (option: Option, stored: PlanOption["stored"]): PlanOption => ({ option, stored });

/** Help and the shape of a stored request are made of this list. */
export const planOptions: readonly PlanOption[] = [
  planOption(
    new Option("--agents <list>", `who plays, separated by commas: ${agentNames()}; absent with --models: tools`),
    names,
  ),
  planOption(
    new Option("--models <list>", "models and groups for tools, react and prompting where they name none"),
    names,
  ),
  planOption(
    new Option(
      "--matrix <file>",
      'who plays what, in this order: {"targets": [{"agent": "tools", "model": "gpt", "split": "test", "trials": 3}]}',
    ).conflicts(["agents", "models"]),
    Matrix,
  ),
  planOption(
    new Option("--preset <name>", `flags under one name; those given win. ${presetHelp()}`).choices(PRESET_NAMES),
    null, // what it stands for
  ),
  planOption(new Option("--anchors", "also random, runbook and expert, as a ranking wants"), z.boolean()),
  planOption(new Option("--no-anchors", "without those that a preset adds"), null),
  planOption(new Option("--skip-llm", "leave out agents that ask a model"), z.boolean()),
  planOption(new Option("--skip-deterministic", "leave out random, runbook, expert and probes"), z.boolean()),
  planOption(
    new Option("--trials <n>", "episodes per agent and task; absent: 1").argParser(wholeNumber(1, MOST_TRIALS)),
    count(MOST_TRIALS),
  ),
  planOption(
    new Option(
      "--anchor-trials <n>",
      "those of random, runbook, expert and probes; fewer than --trials leave pages without an anchor, and nobody ranked",
    ).argParser(wholeNumber(1, MOST_TRIALS)),
    count(MOST_TRIALS),
  ),
  planOption(
    new Option("--seed <n>", "base seed of the evaluation; absent: 0").argParser(wholeNumber(0)),
    z.int().min(0),
  ),
  planOption(new Option("--split <name>", "tasks of a split: train, dev, test"), names),
  planOption(new Option("--difficulty <list>", "tasks of a band: easy, medium, hard"), names),
  planOption(new Option("--task-ids <list>", "these tasks, separated by commas"), names),
  planOption(
    new Option("--task-range <range>", "from one id to another, inc-101..inc-110, or by place among those left, 1-10"),
    names,
  ),
  planOption(
    new Option("--per-difficulty <n>", "at most so many tasks of each difficulty").argParser(wholeNumber(1)),
    count(Number.MAX_SAFE_INTEGER),
  ),
  planOption(
    new Option("--max-episode-tokens <n>", "input and output of one episode; then it ends, and is scored").argParser(
      wholeNumber(1),
    ),
    count(Number.MAX_SAFE_INTEGER),
  ),
  planOption(
    new Option("--shard <i/n>", "play one of n parts of the run; merge brings them together").argParser(shard),
    Shard,
  ),
  planOption(saltOption(), null), // a secret: its hash
];

/** What the flags above said. A matrix is a file's name, or what the file held. */
export interface PlanOptions extends GivenOptions {
  readonly agents?: string;
  readonly models?: string;
  readonly matrix?: string | Matrix;
  readonly preset?: PresetName;
  readonly anchors?: boolean;
  readonly skipLlm?: boolean;
  readonly skipDeterministic?: boolean;
  readonly trials?: number;
  readonly anchorTrials?: number;
  readonly seed?: number;
  readonly split?: string;
  readonly difficulty?: string;
  readonly taskIds?: string;
  readonly taskRange?: string;
  readonly perDifficulty?: number;
  readonly maxEpisodeTokens?: number;
  readonly shard?: Shard;
  readonly salt?: string;
}

/** Adds the flags that decide what is played. None has a default here: a preset must know what was given. */
export function withPlanOptions(command: Command): Command {
  for (const { option } of planOptions) command.addOption(option);
  return command.addHelpText("after", `\n${aliasHelp()}`);
}

/**
 * The plan of a command line, or of a stored request.
 * @param runId of a run that there is already; absent: a new one, which all shards of a run share
 * @throws UsageError for anything that cannot be played
 */
export const readPlan = (wiring: Wiring, options: PlanOptions, agents: Agents, runId?: string): Plan =>
  planFrom(partsOf(wiring, options, agents), runId);

/** @param runId absent: a new one */
export function planFrom(parts: PlanParts, runId?: string): Plan {
  const fresh = (): string =>
    parts.shard === null ? newRunId(new Date(systemClock.now()), Math.random) : shardedRunId(fingerprintOf(parts));
  return planOf(runId ?? fresh(), parts);
}

/** What a request asks for, before it is a run's. */
export function partsOf({ suite }: Pick<Wiring, "suite">, given: PlanOptions, { sources }: Agents): PlanParts {
  const options = withMatrix(withPreset(given));
  return {
    suite,
    groups: groupsOf(suite, options, sources),
    baseSeed: options.seed ?? 0,
    salt: options.salt ?? "",
    split: choosesOnlyBySplit(options) ? (options.split ?? null) : null,
    maxEpisodeTokens: options.maxEpisodeTokens ?? null,
    shard: options.shard ?? null,
  };
}

/** What was given, and what the preset says besides. Tasks that were named replace the preset's choice of them. */
export function withPreset({ preset, ...given }: PlanOptions): PlanOptions {
  if (preset === undefined) return given;
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const defaults: PlanOptions = presets[preset].defaults;
  const { split: _split, perDifficulty: _perDifficulty, ...others } = defaults;
  return { ...((given.taskIds ?? given.taskRange) === undefined ? defaults : others), ...said };
}

/** Options that choose tasks. */
export const CHOICES = [
  "split",
  "difficulty",
  "taskIds",
  "taskRange",
  "perDifficulty",
] as const satisfies (keyof PlanOptions)[];

/** With what the file of the matrix holds in the place of its name. */
export const withMatrix = ({ matrix, ...options }: PlanOptions): ReadOptions =>
  matrix === undefined ? options : { ...options, matrix: typeof matrix === "string" ? readMatrix(matrix) : matrix };

const choosesOnlyBySplit = (options: ReadOptions): boolean =>
  options.matrix === undefined && CHOICES.every((name) => name === "split" || options[name] === undefined);
