import type { Suite, Task } from "../../env/core/task.ts";
import { asksModel, shipsWhole } from "../agent-names.ts";
import { UsageError } from "../errors.ts";
import type { Matrix, MatrixTarget } from "../matrix.ts";
import { ANCHORS } from "../presets.ts";
import { readDifficulties, readSplit, selectTasks } from "../select.ts";
import type { Selection } from "../select.ts";
import { isAnchor, tasksOf, trialsOf } from "../targets.ts";
import type { Group, Target } from "../targets.ts";
import { readVariants } from "../variants.ts";
import type { AgentSources, Variant } from "../variants.ts";
import type { PlanOptions } from "./plan-options.ts";

/** Options of which the matrix is what its file held. */
export type ReadOptions = PlanOptions & { readonly matrix?: Matrix };

/**
 * Who plays what.
 * @throws UsageError when nobody plays, and for agents, models and tasks that there are not
 */
export function groupsOf(suite: Suite, options: ReadOptions, sources: AgentSources): Group[] {
  const { matrix } = options;
  const named =
    matrix === undefined
      ? [rectangle(suite, options, sources)]
      : matrix.targets.map((target) => groupOf(suite, target, options, sources));
  const groups = [anchorsBeside(suite, named, options), ...named];
  const playing = matrix === undefined ? [groups.flat()] : groups; // beside a matrix they play first
  if (groups.every(({ length }) => length === 0)) throw nobody(options);
  return playing.filter(({ length }) => length > 0);
}

/** Everybody on the same tasks. */
function rectangle(suite: Suite, options: ReadOptions, sources: AgentSources): Group {
  const { agents = options.models === undefined ? "" : "tools" } = options;
  const names = left(agents, options);
  if (names === "") return [];
  const models = options.skipLlm === true ? undefined : options.models;
  return targetsOf(readVariants(names, { ...sources, models }), selectTasks(suite, selectionOf(options)), options);
}

/** One line of a matrix. */
function groupOf(suite: Suite, target: MatrixTarget, options: ReadOptions, sources: AgentSources): Group {
  const names = left(target.agent, options);
  if (names === "") return [];
  const variants = readVariants(names, { ...sources, models: target.model });
  const trials = target.trials === undefined ? options : { trials: target.trials };
  return targetsOf(variants, selectTasks(suite, choiceOf(target) ?? selectionOf(options)), trials);
}

const targetsOf = (
  variants: readonly Variant[],
  tasks: readonly Task[],
  {
    trials = 1,
    anchorTrials = trials,
  }: { readonly trials?: number | undefined; readonly anchorTrials?: number | undefined },
): Target[] => variants.map((variant) => ({ variant, tasks, trials: isAnchor(variant) ? anchorTrials : trials }));

/** Those anchors that were asked for as such and not by name: on everything that anyone else plays. */
function anchorsBeside(suite: Suite, groups: readonly Group[], options: ReadOptions): Group {
  if (options.anchors !== true || options.skipDeterministic === true) return [];
  const present = groups.flat().map(({ variant }) => variant.label);
  const missing = ANCHORS.filter((name) => !present.includes(name));
  if (missing.length === 0) return [];
  const tasks = present.length === 0 ? selectTasks(suite, selectionOf(options)) : tasksOf(suite, groups);
  const trials = present.length === 0 ? options.trials : trialsOf(groups);
  return targetsOf(readVariants(missing.join(",")), tasks, { trials, anchorTrials: options.anchorTrials });
}

/** Names of agents without those that are left out. */
const left = (agents: string, { skipLlm, skipDeterministic }: PlanOptions): string =>
  agents
    .split(",")
    .map((name) => name.trim())
    .filter((name) => !(skipLlm === true && asksModel(name)) && !(skipDeterministic === true && shipsWhole(name)))
    .join(",");

const selectionOf = ({ split, difficulty, taskIds, taskRange, perDifficulty }: PlanOptions): Selection => ({
  split: split === undefined ? undefined : readSplit(split),
  difficulty: difficulty === undefined ? undefined : readDifficulties(difficulty),
  taskIds: taskIds?.split(",").map((id) => id.trim()),
  taskRange,
  perDifficulty,
});

/** Null when a line of a matrix chooses no tasks. */
function choiceOf({ split, difficulty, task_ids, task_range, per_difficulty }: MatrixTarget): Selection | null {
  const choice = { split, difficulty, taskIds: task_ids, taskRange: task_range, perDifficulty: per_difficulty };
  return Object.values(choice).every((one) => one === undefined) ? null : choice;
}

function nobody({ skipLlm, skipDeterministic }: PlanOptions): UsageError {
  const skipped = [
    ...(skipLlm === true ? ["--skip-llm"] : []),
    ...(skipDeterministic === true ? ["--skip-deterministic"] : []),
  ];
  return skipped.length === 0
    ? new UsageError("Nobody plays: --agents or --models is missing.", "oncall run --agents random")
    : new UsageError(`Nobody plays: ${skipped.join(" and ")} left nobody over.`);
}
