import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { WebSocket } from "ws";
import { batchLayout } from "../vector/batch.ts";
import { vectorSpec } from "../vector/index.ts";
import { compare } from "./rounds.ts";
import type { BenchResult } from "./result.ts";
import { choose, Rollout } from "./vector.ts";

const ENVS = 256;
const STEPS = 40;
const STEP_HEADER_BYTES = 16;

/**
 * P10: vector stepping over one binary socket, against the same in process. The server has a process of its own; the
 * client does nothing but choose actions, as it does in process.
 */
export async function benchVectorSocket(): Promise<BenchResult> {
  const local = new Rollout(ENVS);
  const server = fork(join(import.meta.dirname, "socket-server.ts"), ["ours"]);
  const remote = await RemoteRollout.open(server);
  const result = await compare({
    id: "P10",
    title: `vector over one binary socket, ${ENVS} environments, against in process`,
    unit: "env-steps/s",
    target: "≥ 0.70",
    bound: `the simulation; a batch of ${batchLayout(ENVS).ended.toLocaleString("en")} bytes costs what copying it costs`,
    baseline: { name: "in process", run: () => local.rate(STEPS) },
    ours: { name: "over a socket", run: () => remote.rate(STEPS) },
  });
  remote.close();
  server.kill();
  return result;
}

/** The environments of a server, stepped with binary frames. */
class RemoteRollout {
  readonly #socket: WebSocket;
  #seq = 1;
  #masks: Uint8Array = new Uint8Array();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static async open(server: ChildProcess): Promise<RemoteRollout> {
    const url = await new Promise<string>((resolve) => server.once("message", (message) => resolve(message as string)));
    const socket = new WebSocket(url.replace(/\/ws$/, "/vector"), { perMessageDeflate: false });
    await new Promise((resolve) => socket.once("open", resolve));
    const rollout = new RemoteRollout(socket);
    const data = { num_envs: ENVS, format: "binary", split: "all" };
    await rollout.#ask(JSON.stringify({ type: "vector_open", data }));
    rollout.#read(await rollout.#ask(JSON.stringify({ type: "vector_reset", data: { seq: 1, seed: 1 } })));
    return rollout;
  }

  /** Environment-steps per second, the round trip included, the choice of actions not. */
  async rate(steps: number): Promise<number> {
    const frame = new Uint8Array(STEP_HEADER_BYTES + 2 * ENVS);
    const view = new DataView(frame.buffer);
    view.setUint32(0, 0x3156434f, true);
    view.setUint8(4, 1);
    view.setUint32(12, ENVS, true);
    const actions = new Uint16Array(frame.buffer, STEP_HEADER_BYTES, ENVS);
    let spent = 0;
    for (let i = 0; i < steps; i += 1) {
      choose(actions, this.#masks);
      this.#seq += 1;
      view.setUint32(8, this.#seq, true);
      const began = performance.now();
      const batch = await this.#ask(frame); // oxlint-disable-line no-await-in-loop
      spent += performance.now() - began;
      this.#read(batch);
    }
    return (steps * ENVS * 1000) / spent;
  }

  close(): void {
    this.#socket.terminate();
  }

  #read(batch: Buffer): void {
    const { masks } = batchLayout(ENVS);
    this.#masks = batch.subarray(masks, masks + vectorSpec.mask_bytes * ENVS);
  }

  #ask(frame: string | Uint8Array): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#socket.once("message", (reply: Buffer) => resolve(reply));
      this.#socket.send(frame);
    });
  }
}
