import { contradictionIn } from "../../agents/rl/settings.ts";
import type { Bands, TrainSettings } from "../../agents/rl/settings.ts";
import { makeVectorEnv } from "../../agents/rl/vector.ts";
import type { VectorEnv } from "../../agents/rl/vector.ts";
import type { Suite, Task } from "../../env/core/task.ts";
import { UsageError } from "../errors.ts";

/** The environments of a training: one batch for each set of difficulties, made when first needed. */
export class Environments {
  /** Every training task that the curriculum reaches. */
  readonly tasks: readonly Task[];
  readonly #suite: Suite;
  readonly #settings: TrainSettings;
  readonly #workers: number;
  readonly #open = new Map<string, VectorEnv>();

  /**
   * @param workers threads that share the environments; 0: none besides this one
   * @throws UsageError for settings that contradict each other, and for difficulties without a training task
   */
  constructor(suite: Suite, settings: TrainSettings, workers: number) {
    const problem = contradictionIn(settings);
    if (problem !== null) throw new UsageError(problem);
    this.#suite = suite;
    this.#settings = settings;
    this.#workers = workers;
    for (const { bands } of settings.curriculum) this.#tasksOf(bands);
    this.tasks = this.#tasksOf(settings.curriculum.flatMap(({ bands }) => bands));
  }

  for(bands: Bands): VectorEnv {
    const name = bands.join("+");
    const open = this.#open.get(name) ?? this.#openFor(bands);
    this.#open.set(name, open);
    return open;
  }

  close(): void {
    for (const env of this.#open.values()) env.close();
  }

  #openFor(bands: Bands): VectorEnv {
    const taskIds = this.#tasksOf(bands).map(({ id }) => id);
    return makeVectorEnv({ suite: this.#suite, numEnvs: this.#settings.envs, taskIds, workers: this.#workers });
  }

  #tasksOf(bands: Bands): Task[] {
    const { tasks, splits } = this.#suite;
    const found = tasks.filter(({ id, difficulty }) => splits.train.includes(id) && bands.includes(difficulty));
    if (found.length > 0) return found;
    throw new UsageError(`The suite has no training task that is ${bands.join(" or ")}.`, "another --curriculum");
  }
}
