import type { ResetOptions } from "../core/env.ts";
import { badOption } from "../core/errors.ts";
import { selectTask } from "../core/select.ts";
import type { LaneOptions } from "./lane.ts";
import type { VectorOptions } from "./vector-env.ts";

/**
 * What the episodes of a vector environment are drawn from.
 * @param full whether observations are kept with their text, for those who read them
 * @throws EnvError BAD_OPTION for tasks, splits and difficulties that leave nothing to draw
 */
export function laneOptions(options: Omit<VectorOptions, "numEnvs">, full = false): LaneOptions {
  const { suite, split, difficulty, taskIds, rewardMode, gamma } = options;
  const choice: ResetOptions = {
    ...(split === undefined ? {} : { split }),
    ...(difficulty === undefined || difficulty === null ? {} : { difficulty }),
    ...(rewardMode === undefined ? {} : { reward_mode: rewardMode }),
    ...(gamma === undefined ? {} : { gamma }),
  };
  if (taskIds !== undefined && taskIds !== null && taskIds.length === 0) {
    throw badOption("task_ids: expected at least one task, got none.");
  }
  for (const id of taskIds ?? [undefined]) selectTask(suite, 0, id === undefined ? choice : { ...choice, task_id: id });
  return { suite, choice, taskIds: taskIds ?? null, full };
}

/** @throws EnvError BAD_OPTION for numbers of environments and workers that cannot be */
export function checkSizes({ numEnvs, workers = 0 }: VectorOptions): void {
  if (!Number.isSafeInteger(numEnvs) || numEnvs < 1) {
    throw badOption(`numEnvs: expected a whole number of at least 1, got ${numEnvs}.`);
  }
  if (!Number.isSafeInteger(workers) || workers < 0) {
    throw badOption(`workers: expected a whole number of at least 0, got ${workers}.`);
  }
}
