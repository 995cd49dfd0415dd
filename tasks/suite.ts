import { didYouMean } from "../env/core/suggest.ts";
import { SPLITS } from "../env/core/task.ts";
import type { SplitName, Suite, Task } from "../env/core/task.ts";
import { quoted } from "./load-error.ts";

/** A task, and where its definition stands, for messages. */
export interface Found {
  readonly place: string;
  readonly task: Task;
}

/** Two incidents with one id: a sentence for each of the later ones. */
export function repeatedIds(found: readonly Found[]): string[] {
  return found.flatMap(({ place, task }, i) => {
    const first = found.findIndex((other) => other.task.id === task.id);
    return first === i ? [] : [`${place}: id ${quoted(task.id)} is taken by ${found[first]?.place}. Give it another.`];
  });
}

/** Splits that do not fit the tasks: every task belongs to exactly one, since a reset looks for it there. */
export function wrongSplits(splits: Suite["splits"], tasks: readonly Task[]): string[] {
  const ids = tasks.map(({ id }) => id);
  const placed = new Map<string, SplitName>();
  const problems: string[] = [];
  for (const split of SPLITS) {
    for (const id of splits[split]) {
      const before = placed.get(id);
      if (!ids.includes(id)) problems.push(`splits.${split}: there is no task ${quoted(id)}.${didYouMean(id, ids)}`);
      else if (before !== undefined)
        problems.push(`splits.${split}: task "${id}" stands in ${before} already. Leave it in one.`);
      placed.set(id, split);
    }
  }
  const missing = ids.filter((id) => !placed.has(id));
  if (missing.length > 0) problems.push(`splits: ${missing.join(", ")} in no split. Add to train, dev or test.`);
  return problems;
}

/** The splits of a suite that states none: everything is for training. */
export const oneSplit = (tasks: readonly Task[]): Suite["splits"] => ({
  train: tasks.map(({ id }) => id),
  dev: [],
  test: [],
});
