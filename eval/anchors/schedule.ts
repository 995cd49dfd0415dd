import { initial } from "../../env/core/initial.ts";
import type { Task } from "../../env/core/task.ts";
import { evaluationSeed } from "../seeds.ts";

/** One episode of an anchor. */
export interface Fixture {
  readonly task: Task;
  readonly seed: number;
}

/** Trials that are walked through before a sibling counts as out of reach. */
const MOST_TRIALS = 1000;

/**
 * Evaluation seeds under which every sibling of every task comes equally often: the trials of the unsalted base seed 0
 * in order, passing over those whose sibling has had its share.
 * @param episodes at least so many of each task
 */
export const balancedSchedule = (tasks: readonly Task[], episodes: number): Fixture[] =>
  tasks.flatMap((task) => balancedSeeds(task, episodes).map((seed) => ({ task, seed })));

function balancedSeeds(task: Task, episodes: number): number[] {
  const { id: taskId, spec_version: specVersion, siblings } = task;
  const share = Math.ceil(episodes / siblings.length);
  const had = siblings.map(() => 0);
  const seeds: number[] = [];
  for (let trial = 0; seeds.length < share * siblings.length; trial += 1) {
    if (trial === MOST_TRIALS) throw new RangeError(`${taskId}: a sibling did not come in ${MOST_TRIALS} trials.`);
    const seed = evaluationSeed({ salt: "", baseSeed: 0, taskId, specVersion, trial });
    const { siblingIndex } = initial(task, seed).instance;
    if ((had[siblingIndex] ?? 0) >= share) continue;
    had[siblingIndex] = (had[siblingIndex] ?? 0) + 1;
    seeds.push(seed);
  }
  return seeds;
}
