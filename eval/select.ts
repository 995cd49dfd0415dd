import { didYouMean } from "../env/core/suggest.ts";
import { DIFFICULTIES, SPLITS, suiteId } from "../env/core/task.ts";
import type { Difficulty, SplitName, Suite, Task } from "../env/core/task.ts";
import { UsageError } from "./errors.ts";

/** Which tasks to play; what is absent does not restrict. */
export interface Selection {
  readonly split?: SplitName | undefined;
  readonly difficulty?: readonly Difficulty[] | undefined;
  readonly taskIds?: readonly string[] | undefined;
  /** `inc-101..inc-110`, or `1-10`: places among what the rest of the selection leaves, from 1. */
  readonly taskRange?: string | undefined;
  /** At most so many of each difficulty: the first ones. */
  readonly perDifficulty?: number | undefined;
}

/**
 * The tasks of a selection, in the order of the suite.
 * @throws UsageError for an unknown task, an empty split, a range that is none, and when nothing is left
 */
export function selectTasks(suite: Suite, selection: Selection): Task[] {
  const { split, difficulty, taskIds, taskRange, perDifficulty } = selection;
  for (const id of taskIds ?? []) placeOf(suite, id);
  if (split !== undefined && suite.splits[split].length === 0) {
    const others = SPLITS.filter((name) => suite.splits[name].length > 0);
    throw new UsageError(
      `${suiteId(suite)} has no tasks for ${split}.`,
      others.map((name) => `--split ${name}`).join(" or "),
    );
  }
  const within = suite.tasks.filter(
    (task) =>
      (split === undefined || suite.splits[split].includes(task.id)) &&
      (difficulty === undefined || difficulty.includes(task.difficulty)) &&
      (taskIds === undefined || taskIds.includes(task.id)),
  );
  const ranged = taskRange === undefined ? within : inRange(suite, within, taskRange);
  const tasks = perDifficulty === undefined ? ranged : firstOfEach(ranged, perDifficulty);
  if (tasks.length === 0) throw new UsageError("No task fits the selection.", "oncall tasks list");
  return tasks;
}

function placeOf({ tasks }: Suite, id: string): number {
  const known = tasks.map((task) => task.id);
  if (known.includes(id)) return known.indexOf(id);
  throw new UsageError(`Unknown task "${id}".${didYouMean(id, known)}`, "oncall tasks list");
}

function inRange(suite: Suite, within: readonly Task[], text: string): Task[] {
  const [from, to] = endsOf(suite, text);
  const isNumber = /^\d+$/.test(from) && /^\d+$/.test(to);
  const first = isNumber ? Number(from) - 1 : placeOf(suite, from);
  const last = isNumber ? Number(to) - 1 : placeOf(suite, to);
  if (first < 0 || first > last) throw new UsageError(`Task range "${text}" holds nothing: it is to begin first.`);
  const whole = isNumber ? within : suite.tasks;
  const meant = new Set(whole.slice(first, last + 1));
  return within.filter((task) => meant.has(task));
}

/** A range of ids may be written with a hyphen too, though ids have hyphens of their own. */
function endsOf({ tasks }: Suite, text: string): [string, string] {
  const ends = text.split("..").map((end) => end.trim());
  if (ends.length === 2) return ends as [string, string];
  const parts = text.split("-").map((part) => part.trim());
  const cuts = parts
    .slice(1)
    .map((_, i): [string, string] => [parts.slice(0, i + 1).join("-"), parts.slice(i + 1).join("-")]);
  const known = new Set(tasks.map(({ id }) => id));
  const cut = cuts.find((both) => both.every((end) => known.has(end) || /^\d+$/.test(end)));
  if (cut !== undefined) return cut;
  throw new UsageError(`Task range "${text}" is none. Expected 1-10, or A..B with two ids.`, "oncall tasks list");
}

const firstOfEach = (tasks: readonly Task[], count: number): Task[] =>
  tasks.filter((task) => {
    const band = tasks.filter(({ difficulty }) => difficulty === task.difficulty);
    return band.indexOf(task) < count;
  });

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
