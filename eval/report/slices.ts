import { initial } from "../../env/core/initial.ts";
import { DIFFICULTIES, RUBRIC } from "../../env/core/task.ts";
import type { Sibling, Task } from "../../env/core/task.ts";
import type { EpisodeEntry } from "../../env/store/store.ts";
import { storedTasks } from "../verify/stored-tasks.ts";
import { scoredOf } from "./entry.ts";
import type { Entry } from "./entry.ts";
import { groupBy } from "./group-by.ts";
import { metricsOf } from "./metrics.ts";
import type { Metrics } from "./metrics.ts";

/** What is hidden from agents and known to the harness: the cause that the seed drew. */
export interface Cause {
  readonly task: Task;
  readonly sibling: Sibling;
}

/** The cause behind a stored episode; null where its task's definition is not sound. */
export type CauseOf = (episode: Pick<EpisodeEntry, "specHash" | "seed">) => Cause | null;

/** Looks causes up in the tasks that are stored with the runs, so that any suite can be sliced. Each is drawn once. */
export function causesOf(entries: readonly Entry[]): CauseOf {
  const tasks = storedTasks(entries.flatMap(({ specs }) => [...specs.values()])).tasks;
  const drawn = new Map<string, Cause | null>();
  return ({ specHash, seed }) => {
    const key = `${specHash}/${seed}`;
    const known = drawn.get(key);
    if (known !== undefined) return known;
    const cause = causeAt(tasks.get(specHash), seed);
    drawn.set(key, cause);
    return cause;
  };
}

function causeAt(task: Task | undefined, seed: number): Cause | null {
  if (task === undefined) return null;
  try {
    return { task, sibling: initial(task, seed).instance.sibling };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Ways of cutting results. */
export const SLICINGS = ["difficulty", "service", "fault", "task"] as const;
export type Slicing = (typeof SLICINGS)[number];

/** One entry's results in one slice. */
export interface Slice {
  /** "easy", "database", "disk", "inc-101". */
  readonly slice: string;
  readonly label: string;
  readonly tasks: number;
  readonly scored: number;
  readonly successes: number;
  /** Slots of the slice that have no scored episode are not among them. */
  readonly metrics: Metrics;
}

const SHOWN = [
  "success_rate",
  "mean_score",
  "evidence_coverage",
  "wrong_remediation_rate",
  "distractor_failure_rate",
  "invalid_action_rate",
  "mean_steps",
];

/** Slices in a fixed order, and within each the entries in theirs. */
export function slicesOf(entries: readonly { entry: Entry; label: string }[], by: Slicing, causeOf: CauseOf): Slice[] {
  const cut = entries.map(({ entry, label }) => ({
    label,
    parts: groupBy(scoredOf(entry), (episode) => sliceOf(episode, by, causeOf)),
  }));
  const names = [...new Set(cut.flatMap(({ parts }) => [...parts.keys()]))].toSorted(inOrder);
  return names.flatMap((slice) =>
    cut.flatMap(({ label, parts }) => {
      const own = parts.get(slice);
      if (own === undefined) return [];
      return [
        {
          slice,
          label,
          tasks: new Set(own.map(({ specHash }) => specHash)).size,
          scored: own.length,
          successes: own.filter(({ outcome }) => outcome === "success").length,
          metrics: metricsOf(own, SHOWN),
        },
      ];
    }),
  );
}

const UNKNOWN = "unknown";

function sliceOf(episode: EpisodeEntry, by: Slicing, causeOf: CauseOf): string {
  switch (by) {
    case "difficulty":
      return episode.difficulty;
    case "task":
      return episode.taskId;
    case "service":
      return causeOf(episode)?.sibling.diagnosis[0]?.service ?? UNKNOWN;
    case "fault":
      return causeOf(episode)?.sibling.diagnosis[0]?.fault ?? UNKNOWN;
  }
}

/** Bands from easy to hard, everything else by name. */
const inOrder = (a: string, b: string): number => bandOf(a) - bandOf(b) || (a < b ? -1 : Number(a > b));

const bandOf = (slice: string): number => (DIFFICULTIES as readonly string[]).indexOf(slice);

/** Whether a task was graded as one that needs a trend or a history. */
export const needsHistory = ({ rubric }: Task): boolean =>
  (rubric[RUBRIC.findIndex(({ letter }) => letter === "T")] ?? 0) > 0;
