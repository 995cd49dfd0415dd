import { asBatch, BatchBuffer } from "./batch.ts";
import { Lanes } from "./lanes.ts";
import { laneOptions } from "./options.ts";
import { checkCount, planReset } from "./requests.ts";
import { vectorSpec } from "./spec.ts";
import type { VectorAction, VectorBatch, VectorEnv, VectorOptions, VectorReset } from "./vector-env.ts";

/** All environments in this thread. */
export class LocalVectorEnv implements VectorEnv {
  readonly spec = vectorSpec;
  readonly numEnvs: number;
  readonly #lanes: Lanes;
  readonly #buffers: readonly [BatchBuffer, BatchBuffer];
  #turn = 0;

  constructor(options: VectorOptions) {
    const { numEnvs, autoreset = "next_step" } = options;
    this.numEnvs = numEnvs;
    this.#lanes = new Lanes(laneOptions(options), autoreset, { first: 0, count: numEnvs, of: numEnvs });
    this.#buffers = [new BatchBuffer(numEnvs), new BatchBuffer(numEnvs)];
  }

  reset(options: VectorReset = {}): VectorBatch {
    const plan = planReset(options, this.numEnvs);
    this.#lanes.checkReset(plan);
    return this.#carryOut((i, batch) => this.#lanes.reset(i, plan, batch));
  }

  step(actions: Uint16Array | readonly VectorAction[]): VectorBatch {
    checkCount(actions, this.numEnvs);
    this.#lanes.checkStep(actions);
    return this.#carryOut((i, batch) => this.#lanes.step(i, actions[i], batch));
  }

  close(): void {
    // There is nothing to end in this thread.
  }

  #carryOut(one: (i: number, batch: BatchBuffer) => void): VectorBatch {
    const batch = this.#buffers[this.#turn] as BatchBuffer;
    this.#turn = 1 - this.#turn;
    this.#lanes.begin();
    for (let i = 0; i < this.numEnvs; i += 1) one(i, batch);
    return asBatch(batch, this.#lanes.ended(batch));
  }
}
