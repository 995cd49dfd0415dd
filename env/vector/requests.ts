import { badOption } from "../core/errors.ts";
import type { VectorReset } from "./vector-env.ts";

/** A reset, environment by environment. */
export interface ResetPlan {
  readonly seeds: readonly (number | null)[];
  readonly taskIds: readonly (string | null)[];
  readonly mask: readonly boolean[];
}

/**
 * Spreads the options of a reset over the environments.
 * @throws EnvError BAD_OPTION for lists of another length and for seeds given twice
 */
export function planReset({ seed, seeds, taskIds, mask }: VectorReset, numEnvs: number): ResetPlan {
  if (seed !== undefined && seeds !== undefined) throw badOption("Expected seed or seeds, got both.");
  for (const [name, list] of Object.entries({ seeds, task_ids: taskIds, reset_mask: mask })) {
    if (list !== undefined && list.length !== numEnvs) {
      throw badOption(`${name}: expected one entry for each of ${numEnvs} environments, got ${list.length}.`);
    }
  }
  return {
    seeds: seeds ?? Array.from({ length: numEnvs }, (_, i) => (seed === undefined ? null : seed + i)),
    taskIds: taskIds ?? Array.from({ length: numEnvs }, () => null),
    mask: mask ?? Array.from({ length: numEnvs }, () => true),
  };
}

/** @throws EnvError BAD_OPTION for a wrong number of actions */
export function checkCount(actions: ArrayLike<unknown>, numEnvs: number): void {
  if (actions.length === numEnvs) return;
  throw badOption(`Expected one action for each of ${numEnvs} environments, got ${actions.length}.`);
}
