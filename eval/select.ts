import { didYouMean } from "../env/core/suggest.ts";
import { DIFFICULTIES, SPLITS } from "../env/core/task.ts";
import type { Difficulty, SplitName, Suite, Task } from "../env/core/task.ts";
import { UsageError } from "./errors.ts";

/** Which tasks to play; what is absent does not restrict. */
export interface Selection {
  readonly split?: SplitName | undefined;
  readonly difficulty?: readonly Difficulty[] | undefined;
  readonly taskIds?: readonly string[] | undefined;
}

/**
 * The tasks of a selection, in the order of the suite.
 * @throws UsageError for an unknown task, and when nothing is left
 */
export function selectTasks(suite: Suite, { split, difficulty, taskIds }: Selection): Task[] {
  const known = suite.tasks.map((task) => task.id);
  for (const id of taskIds ?? []) {
    if (!known.includes(id)) throw new UsageError(`Unknown task "${id}".${didYouMean(id, known)}`, "oncall tasks list");
  }
  const tasks = suite.tasks.filter(
    (task) =>
      (split === undefined || suite.splits[split].includes(task.id)) &&
      (difficulty === undefined || difficulty.includes(task.difficulty)) &&
      (taskIds === undefined || taskIds.includes(task.id)),
  );
  if (tasks.length === 0) throw new UsageError("No task fits the selection.", "oncall tasks list");
  return tasks;
}

/** Splits `a,b` and checks each part against a closed list. */
export function oneOfEach<Name extends string>(text: string, names: readonly Name[], what: string): Name[] {
  return text.split(",").map((part) => {
    const name = part.trim();
    if (!(names as readonly string[]).includes(name)) {
      throw new UsageError(`Unknown ${what} "${name}".${didYouMean(name, names)} Expected: ${names.join(", ")}.`);
    }
    return name as Name;
  });
}

export const readDifficulties = (text: string): Difficulty[] => oneOfEach(text, DIFFICULTIES, "difficulty");

export const readSplit = (text: string): SplitName => oneOfEach(text, SPLITS, "split")[0] as SplitName;
