import { badOption } from "../../core/errors.ts";
import type { Suite } from "../../core/task.ts";
import { asBatch, BatchBuffer } from "../batch.ts";
import { Lanes } from "../lanes.ts";
import type { LaneOptions } from "../lane.ts";
import { laneOptions } from "../options.ts";
import { checkCount, planReset } from "../requests.ts";
import type { VectorBatch } from "../vector-env.ts";
import { binaryBatch } from "./binary.ts";
import type { OpenData, ResetData } from "./frames.ts";
import { jsonBatch } from "./json-batch.ts";
import type { FullObservations } from "./json-batch.ts";
import { Slices } from "./slices.ts";

/** A batch with what is needed to send it, once more if it is lost. */
export interface Batch {
  readonly buffer: BatchBuffer;
  readonly isReset: boolean;
  readonly ended: VectorBatch["ended"];
  /** A3's objects, where they were asked for. */
  readonly full: FullObservations | null;
}

/** The environments of one connection, stepped in slices. */
export class Run {
  readonly format: OpenData["format"];
  readonly #data: OpenData;
  readonly #options: LaneOptions;
  readonly #buffers: readonly [BatchBuffer, BatchBuffer];
  #lanes: Lanes;
  #turn = 0;
  #stopped = false;

  /** @param options of `openOptions` */
  constructor(data: OpenData, options: LaneOptions) {
    this.format = data.format;
    this.#data = data;
    this.#options = options;
    this.#buffers = [new BatchBuffer(data.num_envs), new BatchBuffer(data.num_envs)];
    this.#lanes = this.#newLanes();
  }

  /** @throws EnvError BAD_OPTION; nothing moved then */
  async reset({ seed, seeds, task_ids, reset_mask }: ResetData): Promise<Batch> {
    const lanes = this.#lanes;
    const options = {
      ...(seed == null ? {} : { seed }),
      ...(seeds == null ? {} : { seeds }),
      ...(task_ids == null ? {} : { taskIds: task_ids }),
      ...(reset_mask == null ? {} : { mask: reset_mask }),
    };
    const plan = planReset(options, this.#data.num_envs);
    lanes.checkReset(plan);
    return this.#carryOut(true, (i, buffer) => lanes.reset(i, plan, buffer));
  }

  /** @throws EnvError NOT_RESET, EPISODE_DONE, BAD_OPTION; nothing moved then */
  async step(actions: ArrayLike<unknown>): Promise<Batch> {
    const lanes = this.#lanes;
    checkCount(actions, this.#data.num_envs);
    lanes.checkStep(actions);
    return this.#carryOut(false, (i, buffer) => lanes.step(i, actions[i], buffer));
  }

  /** Control plane: where episodes stand, and how the last ones ended. @throws EnvError BAD_OPTION */
  info(envs: readonly number[] | null): readonly object[] {
    const { lanes } = this.#lanes;
    return (envs ?? lanes.map((_, env) => env)).map((env) => {
      const lane = lanes[env];
      if (lane === undefined) throw badOption(`envs: expected numbers below ${lanes.length}, got ${env}.`);
      return { env, ...lane.info() };
    });
  }

  /** A batch as it is sent; the same bytes whenever it is asked for, until the call after the next. */
  async encode({ buffer, isReset, ended, full }: Batch, seq: number): Promise<string | Uint8Array> {
    if (this.format === "json") return jsonBatch(seq, asBatch(buffer, ended), full);
    const { num_envs: numEnvs, autoreset } = this.#data;
    return binaryBatch(buffer, { seq, numEnvs, isReset, withFinals: autoreset === "same_step", ended: ended.length });
  }

  /** Drops episodes that an unexpected error left in an unknown state; the next request must be a reset. */
  abandon(): void {
    this.#lanes = this.#newLanes();
  }

  /** Nobody waits for the rest of a batch. */
  stop(): void {
    this.#stopped = true;
  }

  async #carryOut(isReset: boolean, one: (i: number, buffer: BatchBuffer) => void): Promise<Batch> {
    const lanes = this.#lanes;
    const buffer = this.#buffers[this.#turn as 0 | 1];
    this.#turn = 1 - this.#turn;
    lanes.begin();
    const slices = new Slices();
    for (let i = 0; i < this.#data.num_envs && !this.#stopped; i += 1) {
      one(i, buffer);
      if (slices.isOver) await slices.pause(); // oxlint-disable-line no-await-in-loop
    }
    return {
      buffer,
      isReset,
      ended: lanes.ended(buffer),
      full: this.#options.full
        ? { observations: lanes.lanes.map(({ full }) => full ?? {}), finals: new Map(lanes.finals) }
        : null,
    };
  }

  #newLanes(): Lanes {
    const { num_envs, autoreset } = this.#data;
    return new Lanes(this.#options, autoreset, { first: 0, count: num_envs, of: num_envs });
  }
}

/**
 * What the episodes of a connection are drawn from.
 * @throws EnvError BAD_OPTION for options that leave nothing to draw
 */
export function openOptions(suite: Suite, { split, difficulty, task_ids, reward_mode, observation }: OpenData) {
  const options = {
    suite,
    ...(split == null ? {} : { split }),
    ...(reward_mode == null ? {} : { rewardMode: reward_mode }),
    difficulty: difficulty ?? null,
    taskIds: task_ids ?? null,
  };
  return laneOptions(options, observation === "full");
}
