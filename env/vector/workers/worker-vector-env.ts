import { receiveMessageOnPort } from "node:worker_threads";
import { badOption, EnvError } from "../../core/errors.ts";
import { asBatch, batchLayout, recordBytes } from "../batch.ts";
import type { BatchBuffer } from "../batch.ts";
import { readRecords } from "../ended.ts";
import { checkChoice } from "../lane.ts";
import type { LaneOptions } from "../lane.ts";
import type { Span } from "../lanes.ts";
import { laneOptions } from "../options.ts";
import { checkCount, planReset } from "../requests.ts";
import { vectorSpec } from "../spec.ts";
import { FLAGS, NO_STEP } from "../vector-env.ts";
import type {
  Autoreset,
  EndedRecord,
  VectorAction,
  VectorBatch,
  VectorEnv,
  VectorOptions,
  VectorReset,
} from "../vector-env.ts";
import { hire } from "./hire.ts";
import type { Hired } from "./hire.ts";
import { batchesIn, COMMANDS, newSharedMemory } from "./shared.ts";

/** Longest time that a batch may take, the start of the threads included. */
const LIMIT_MS = 120_000;

/**
 * The environments spread over threads that share memory with this one. Calls return when all are done; meanwhile this
 * thread sleeps. Trajectories are those of `LocalVectorEnv`.
 */
export class WorkerVectorEnv implements VectorEnv {
  readonly spec = vectorSpec;
  readonly numEnvs: number;
  readonly #options: LaneOptions;
  readonly #autoreset: Autoreset;
  readonly #actions: Uint16Array;
  readonly #batches: readonly [BatchBuffer, BatchBuffer];
  readonly #workers: readonly Hired[];
  #turn = 0;
  /** What each environment's flags were in the last batch; null before the first reset. */
  #flags: Uint8Array | null = null;
  #closed = false;

  constructor(options: VectorOptions & { readonly workers: number }) {
    const { numEnvs, autoreset = "next_step" } = options;
    const workers = Math.min(options.workers, numEnvs);
    this.numEnvs = numEnvs;
    this.#options = laneOptions(options);
    this.#autoreset = autoreset;
    const memory = newSharedMemory(numEnvs, workers);
    this.#actions = new Uint16Array(memory.actions);
    this.#batches = batchesIn(memory, numEnvs);
    this.#workers = spansOf(numEnvs, workers).map((span, worker) =>
      hire({ worker, span, options: this.#options, autoreset, memory }),
    );
  }

  reset(options: VectorReset = {}): VectorBatch {
    const plan = planReset(options, this.numEnvs);
    plan.mask.forEach((isReset, i) => {
      if (isReset) checkChoice(this.#options, plan.seeds[i] ?? null, plan.taskIds[i] ?? null);
      else if (this.#flags === null) throw badOption(`reset_mask: environment ${i} was never reset, and is left out.`);
    });
    return this.#carryOut(COMMANDS.reset, plan);
  }

  step(actions: Uint16Array | readonly VectorAction[]): VectorBatch {
    checkCount(actions, this.numEnvs);
    if (this.#flags === null) throw new EnvError("NOT_RESET");
    for (let i = 0; this.#autoreset === "disabled" && i < this.numEnvs; i += 1) {
      if (((this.#flags[i] as number) & FLAGS.over) !== 0 && actions[i] !== NO_STEP) throw new EnvError("EPISODE_DONE");
    }
    if (!(actions instanceof Uint16Array)) return this.#carryOut(COMMANDS.step, actions);
    this.#actions.set(actions);
    return this.#carryOut(COMMANDS.step, null);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { line, port } of this.#workers) {
      line.call({ command: COMMANDS.end, buffer: 0, byMessage: false });
      port.close();
    }
  }

  #carryOut(command: number, message: unknown): VectorBatch {
    if (this.#closed) throw new Error("The vector environment is closed.");
    const buffer = this.#turn;
    this.#turn = 1 - buffer;
    const batch = this.#batches[buffer as 0 | 1];
    for (const { line, port } of this.#workers) {
      if (message !== null) port.postMessage(message);
      line.call({ command, buffer, byMessage: message !== null });
    }
    const ended = this.#workers.flatMap((worker) => this.#collect(worker, batch));
    this.#flags = batch.flags;
    return asBatch(batch, ended);
  }

  #collect({ line, port, span }: Hired, batch: BatchBuffer): EndedRecord[] {
    const count = line.result(LIMIT_MS);
    if (count === null) {
      const reason: unknown = receiveMessageOnPort(port)?.message ?? `no answer within ${LIMIT_MS} ms`;
      this.close();
      throw new Error(`A worker failed: ${String(reason)}`);
    }
    const withFinal = this.#autoreset === "same_step";
    const from = batchLayout(this.numEnvs).ended + recordBytes(withFinal) * span.first;
    return readRecords(batch.memory, from, count, withFinal);
  }
}

/** Equal parts of the environments; the first ones take what is left over. */
function spansOf(numEnvs: number, workers: number): Span[] {
  let first = 0;
  return Array.from({ length: workers }, (_, i) => {
    const count = Math.floor(numEnvs / workers) + (i < numEnvs % workers ? 1 : 0);
    first += count;
    return { first: first - count, count, of: numEnvs };
  });
}
