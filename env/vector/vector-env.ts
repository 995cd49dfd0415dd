import type { RewardMode } from "../core/reward.ts";
import type { Difficulty, SplitName, Suite } from "../core/task.ts";
import type { VectorSpec } from "./spec.ts";

/** When an environment whose episode is over starts its next one, as in Gymnasium's `AutoresetMode`. */
export const AUTORESETS = ["next_step", "same_step", "disabled"] as const;
export type Autoreset = (typeof AUTORESETS)[number];

/** Bits of a batch's flags. */
export const FLAGS = {
  /** First observation of a new episode; under `next_step` its reward is 0 and the action was ignored. */
  first: 1,
  /** The action was invalid. */
  invalid: 2,
  /** The episode is over and waits for a reset. */
  over: 4,
  /** Not stepped: the last observation again, reward 0. */
  idle: 8,
} as const;

/** Action index that leaves an environment as it is. */
export const NO_STEP = 0xffff;

/** How an episode ended, as numbered on the wire. */
export const ENDINGS = { resolved: 1, escalated: 2, step_budget: 3 } as const;

export interface VectorOptions {
  readonly suite: Suite;
  /** 1 or more. */
  readonly numEnvs: number;
  /** Absent: `next_step`. */
  readonly autoreset?: Autoreset;
  /** Absent: `train`, unless tasks are named. */
  readonly split?: SplitName | "all";
  readonly difficulty?: Difficulty | null;
  /** Tasks to draw from; absent or null: all of the split. */
  readonly taskIds?: readonly string[] | null;
  /** Absent: `telescoped`. */
  readonly rewardMode?: RewardMode;
  /** Discount of the `potential` mode. */
  readonly gamma?: number;
  /** Worker threads that share the environments; absent or 0: all in this thread. */
  readonly workers?: number;
}

export interface VectorReset {
  /** Environment i gets seed + i, and follows its own stream from there. */
  readonly seed?: number;
  /** One per environment; null goes on with that environment's stream. */
  readonly seeds?: readonly (number | null)[];
  /** One per environment; null leaves the choice to the seed. */
  readonly taskIds?: readonly (string | null)[];
  /** Which environments are reset; absent: all. */
  readonly mask?: readonly boolean[];
}

/** An action: its index in the table, or any JSON value that a single environment takes. */
export type VectorAction = number | string | boolean | null | object;

/**
 * What came of a reset or a step, environment-major. The arrays belong to the environment: two sets are used in turn,
 * so that a batch stays as it is until the call after the next.
 */
export interface VectorBatch {
  /** N·D */
  readonly observations: Float32Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** Bits of `FLAGS`. */
  readonly flags: Uint8Array;
  /** N·M bytes; action a is allowed if bit (a mod 8) of byte floor(a / 8) is set. */
  readonly masks: Uint8Array;
  readonly ended: readonly EndedRecord[];
}

/** An episode that ended in this call; its numbers are in single precision, as everywhere in a batch. */
export interface EndedRecord {
  readonly env: number;
  readonly score: number;
  readonly return: number;
  readonly steps: number;
  /** One of `ENDINGS`. */
  readonly ending: number;
  /** D numbers, under `same_step` only; elsewhere the batch itself holds them. */
  readonly finalObservation?: Float32Array;
}

/** N episodes side by side in preallocated buffers. */
export interface VectorEnv {
  readonly numEnvs: number;
  readonly spec: VectorSpec;
  /** @throws EnvError BAD_OPTION; every episode then stays as it was */
  reset(options?: VectorReset): VectorBatch;
  /**
   * One action for each environment.
   * @throws EnvError NOT_RESET before the first reset, EPISODE_DONE where a finished one waits for a reset, BAD_OPTION
   * for a wrong number of actions; nothing was done then
   */
  step(actions: Uint16Array | readonly VectorAction[]): VectorBatch;
  /** Ends its worker threads. Closing twice does no harm. */
  close(): void;
}
