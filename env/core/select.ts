import { badOption } from "./errors.ts";
import { rngFor } from "./rng.ts";
import { didYouMean } from "./suggest.ts";
import { SPLITS } from "./task.ts";
import type { Difficulty, SplitName, Suite, Task } from "./task.ts";

/** Which task a reset plays. Absent options: any task of the training split, chosen by the seed. */
export interface TaskChoice {
  readonly task_id?: string;
  readonly split?: SplitName | "all";
  readonly index?: number;
  readonly difficulty?: Difficulty;
}

export interface Selected {
  readonly task: Task;
  readonly split: SplitName;
  /** Position in its split. */
  readonly index: number;
}

/**
 * The task of a reset; depends on suite, options and seed alone.
 * @throws EnvError BAD_OPTION for an unknown or contradictory choice, naming what is valid
 */
export function selectTask(suite: Suite, seed: number, choice: TaskChoice): Selected {
  const eligible = eligibleTasks(suite, choice);
  if (choice.task_id !== undefined) return namedTask(suite, choice.task_id, eligible, choice);
  if (choice.index !== undefined) {
    const found = eligible.find(({ index }) => index === choice.index);
    if (found === undefined) {
      const known = eligible.map(({ index }) => index).join(", ");
      throw badOption(
        `No task has index ${choice.index} in split "${choice.split ?? "train"}" here; expected one of ${known}.`,
      );
    }
    return found;
  }
  const chosen = eligible[Math.floor(rngFor(seed, "task", 0)() * eligible.length)];
  if (chosen === undefined) {
    const known = [
      ...new Set(eligibleTasks(suite, { split: choice.split ?? "train" }).map(({ task }) => task.difficulty)),
    ];
    throw badOption(
      `No task has difficulty "${choice.difficulty}" in split "${choice.split ?? "train"}"; expected one of ${known.join(", ")}.`,
    );
  }
  return chosen;
}

function eligibleTasks(suite: Suite, choice: TaskChoice): Selected[] {
  const anySplit = choice.split === "all" || (choice.split === undefined && choice.task_id !== undefined);
  const wanted = choice.split ?? "train";
  return SPLITS.filter((split) => anySplit || split === wanted)
    .flatMap((split) =>
      suite.splits[split].map((id, index) => ({ task: suite.tasks.find((task) => task.id === id), split, index })),
    )
    .filter((entry): entry is Selected => entry.task !== undefined)
    .filter(({ task }) => choice.difficulty === undefined || task.difficulty === choice.difficulty);
}

function namedTask(suite: Suite, id: string, eligible: readonly Selected[], choice: TaskChoice): Selected {
  const known = suite.tasks.map((task) => task.id);
  if (!known.includes(id)) {
    throw badOption(`Unknown task "${id.slice(0, 80)}".${didYouMean(id, known)} Tasks: ${known.join(", ")}.`);
  }
  const found = eligible.find(({ task }) => task.id === id);
  if (found === undefined) throw badOption(`Task ${id} does not fit the other options: ${JSON.stringify(choice)}.`);
  if (choice.index !== undefined && choice.index !== found.index) {
    throw badOption(`Task ${id} has index ${found.index} in split "${found.split}", not ${choice.index}.`);
  }
  return found;
}
