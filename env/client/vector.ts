import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { EnvError } from "../contract/index.ts";
import { vectorSpec } from "../vector/index.ts";
import type { VectorAction, VectorBatch, VectorEnv, VectorOptions, VectorReset } from "../vector/index.ts";
import { checkCount, planReset } from "../vector/requests.ts";
import { binaryStep, readBinaryBatch } from "../vector/wire/binary.ts";
import { startThread } from "../vector/workers/thread.ts";
import { ClientError, errorFrom } from "./errors.ts";
import type { ErrorData } from "./errors.ts";
import type { FromThread, VectorThreadOrder } from "./vector-thread.ts";

/** What the episodes are drawn from, as in process, and how the server is reached. */
export interface VectorSocketOptions extends Omit<VectorOptions, "suite" | "gamma" | "workers"> {
  /** The server's control token, where it wants one. */
  readonly token?: string;
  /** How long connecting may take, in milliseconds. */
  readonly connectMs?: number;
  /** How long a reply may take, in milliseconds; afterwards the connection is given up. */
  readonly replyMs?: number;
}

const CONNECT_MS = 10_000;
const REPLY_MS = 60_000;

/**
 * N episodes on a server's `/vector`, in binary: the same numbers as in process, behind the same interface. Its calls
 * are answered when they return, so that this thread sleeps meanwhile: the server must not be in it.
 * @param url base address of the server, `http://…` or `ws://…`, with or without a path prefix
 * @throws ClientError CONNECT_FAILED, TIMED_OUT, CAPACITY_REACHED; EnvError BAD_OPTION for options that leave nothing
 * to draw
 */
export function connectVector(url: string, options: VectorSocketOptions): VectorEnv {
  return new SocketVectorEnv(url, options);
}

class SocketVectorEnv implements VectorEnv {
  readonly spec = vectorSpec;
  readonly numEnvs: number;
  readonly #port: MessagePort;
  readonly #bell: Int32Array;
  readonly #replyMs: number;
  #seq = 0;
  /** Why nothing can be asked any more. */
  #ended: Error | null = null;

  constructor(url: string, options: VectorSocketOptions) {
    const { numEnvs, token = null, connectMs = CONNECT_MS, replyMs = REPLY_MS } = options;
    this.numEnvs = numEnvs;
    this.#replyMs = replyMs;
    const bell = new SharedArrayBuffer(4);
    this.#bell = new Int32Array(bell);
    const { port1, port2: port } = new MessageChannel();
    this.#port = port1;
    const data: VectorThreadOrder = { address: vectorAddress(url), token, connectMs, port, bell };
    startThread({
      module: new URL("vector-thread", import.meta.url).href,
      data,
      transfer: [port],
      failScript: `
        workerData.port.postMessage({ ended: { code: "CONNECT_FAILED", message: reason } });
        const words = new Int32Array(workerData.bell);
        Atomics.add(words, 0, 1);
        Atomics.notify(words, 0);
      `,
    });
    port1.unref();
    try {
      this.#open(options);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  reset(options: VectorReset = {}): VectorBatch {
    planReset(options, this.numEnvs); // what is wrong with the lists, in the words of this side
    const { seed, seeds, taskIds: task_ids, mask: reset_mask } = options;
    return this.#play((seq) => textFrame("vector_reset", { seq, seed, seeds, task_ids, reset_mask }));
  }

  step(actions: Uint16Array | readonly VectorAction[]): VectorBatch {
    checkCount(actions, this.numEnvs);
    return this.#play((seq) =>
      actions instanceof Uint16Array ? binaryStep({ seq, actions }) : textFrame("vector_step", { seq, actions }),
    );
  }

  close(): void {
    this.#giveUp(new ClientError("CLOSED", "The vector environment is closed."));
  }

  #open({ numEnvs: num_envs, autoreset, split, difficulty, taskIds, rewardMode }: VectorSocketOptions): void {
    const [task_ids, reward_mode] = [taskIds, rewardMode];
    const data = { num_envs, format: "binary", autoreset, split, difficulty, task_ids, reward_mode };
    const reply = this.#ask(textFrame("vector_open", data));
    const opened = typeof reply === "string" ? (JSON.parse(reply) as { data: Record<string, unknown> }).data : {};
    for (const table of ["action_space_id", "obs_space_id"] as const) {
      if (opened[table] === vectorSpec[table]) continue;
      const [theirs, ours] = [String(opened[table]), vectorSpec[table]];
      throw new ClientError(
        "CONNECT_FAILED",
        `${table}: expected ${ours}, got ${theirs}. The server is another build.`,
      );
    }
  }

  #play(frameOf: (seq: number) => string | Uint8Array): VectorBatch {
    const seq = this.#seq + 1;
    const reply = this.#ask(frameOf(seq));
    const batch = typeof reply === "string" ? null : readBinaryBatch(reply, this.numEnvs);
    if (batch === null) throw this.#giveUp(new ClientError("CONNECTION_LOST", "The server sent what is no batch."));
    this.#seq = seq;
    return batch;
  }

  /** Sends a frame and sleeps until its reply is there. Throws what an error frame stands for. */
  #ask(frame: string | Uint8Array): string | ArrayBuffer {
    if (this.#ended !== null) throw this.#ended;
    const port = this.#port;
    port.postMessage(frame);
    const message = this.#next();
    if ("ended" in message) throw this.#giveUp(new ClientError(message.ended.code, message.ended.message));
    const error = typeof message.reply === "string" ? refusal(message.reply) : null;
    if (error === null) return message.reply;
    throw error;
  }

  #next(): FromThread {
    const late = performance.now() + this.#replyMs;
    for (;;) {
      const heard = Atomics.load(this.#bell, 0);
      const received = receiveMessageOnPort(this.#port);
      if (received !== undefined) return received.message as FromThread;
      const left = late - performance.now();
      if (left > 0 && Atomics.wait(this.#bell, 0, heard, left) !== "timed-out") continue;
      return { ended: { code: "TIMED_OUT", message: `The server did not answer within ${this.#replyMs} ms.` } };
    }
  }

  #giveUp(error: Error): Error {
    if (this.#ended === null) {
      this.#ended = error;
      const port = this.#port;
      port.postMessage(null);
      port.close();
    }
    return error;
  }
}

/** `http://host/prefix` → `ws://host/prefix/vector` */
const vectorAddress = (url: string): string => `${url.replace(/^http/, "ws").replace(/\/+$/, "")}/vector`;

const textFrame = (type: string, data: object): string => JSON.stringify({ type, data });

/** What an error frame stands for; null for any other. What the server could not read is a wrong option here. */
function refusal(text: string): Error | null {
  const { type, data } = JSON.parse(text) as { type: string; data: ErrorData & { errors?: unknown } };
  if (type !== "error") return null;
  const error = errorFrom(data);
  if (error instanceof EnvError || (error as ClientError).code !== "VALIDATION_ERROR") return error;
  return new EnvError("BAD_OPTION", { detail: `${error.message} ${JSON.stringify(data.errors ?? [])}` });
}
