import { createHistogram } from "node:perf_hooks";
import { WebSocket } from "ws";
import { sampleAction } from "../contract/sample.ts";
import { actionDef } from "../core/actions/index.ts";
import { rngFor } from "../core/rng.ts";

/** What a client says: how it begins an episode, and the steps of one that do not end it. */
export interface Script {
  readonly reset: (seed: number) => string;
  readonly step: (session: number, step: number) => string;
}

/** What many sessions met. */
export interface Load {
  readonly stepsPerS: number;
  readonly p99Ms: number;
  /** Mean length of a reply to a step, in bytes. */
  readonly bytes: number;
}

/** Steps of an episode that never reach the budget of the shortest one. */
const STEPS = 12;
const CONNECT_AT_ONCE = 100;

/** Random actions that do not close the incident, made beforehand. */
export function ourScript(): Script {
  const rng = rngFor(1, "bench-sessions", 0);
  const frames: string[] = [];
  while (frames.length < 4096) {
    const action = sampleAction(rng);
    if (actionDef(action.type).kind !== "close") frames.push(JSON.stringify({ type: "step", data: action }));
  }
  return {
    reset: (seed) => JSON.stringify({ type: "reset", data: { seed, text: false } }),
    step: (session, step) => frames[(session * 31 + step) % frames.length] as string,
  };
}

/** Connections to one server, each with a session. */
export class SessionLoad {
  readonly #sockets: readonly WebSocket[];
  readonly #script: Script;
  #seed = 0;

  static async open(url: string, count: number, script: Script): Promise<SessionLoad> {
    const sockets: WebSocket[] = [];
    while (sockets.length < count) {
      const more = Array.from({ length: Math.min(CONNECT_AT_ONCE, count - sockets.length) }, () => connect(url));
      sockets.push(...(await Promise.all(more))); // oxlint-disable-line no-await-in-loop
    }
    return new SessionLoad(sockets, script);
  }

  private constructor(sockets: readonly WebSocket[], script: Script) {
    this.#sockets = sockets;
    this.#script = script;
  }

  /** Every session begins an episode. */
  async reset(): Promise<void> {
    await Promise.all(
      this.#sockets.map((socket) => ask(socket, this.#script.reset((this.#seed = (this.#seed + 1) % 1_000_000)))),
    );
  }

  /** Steps all sessions at once, each as fast as it is answered; resets lie between and are not counted. */
  async run(ms: number): Promise<Load> {
    const latency = createHistogram();
    let [spent, steps, bytes] = [0, 0, 0];
    while (spent < ms) {
      await this.reset(); // oxlint-disable-line no-await-in-loop
      const began = performance.now();
      const play = async (socket: WebSocket, session: number): Promise<void> => {
        for (let step = 0; step < STEPS; step += 1) {
          const askedAt = performance.now();
          const length = await ask(socket, this.#script.step(session, step)); // oxlint-disable-line no-await-in-loop
          bytes += length;
          latency.record(Math.max(1, Math.round((performance.now() - askedAt) * 1000)));
        }
      };
      await Promise.all(this.#sockets.map(play)); // oxlint-disable-line no-await-in-loop
      spent += performance.now() - began;
      steps += STEPS * this.#sockets.length;
    }
    return { stepsPerS: (steps / spent) * 1000, p99Ms: latency.percentile(99) / 1000, bytes: bytes / steps };
  }

  close(): void {
    for (const socket of this.#sockets) socket.terminate();
  }
}

function connect(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once("open", () => resolve(socket));
    socket.once("error", reject);
  });
}

/** Sends a frame and returns the length of the reply. */
function ask(socket: WebSocket, frame: string): Promise<number> {
  return new Promise((resolve) => {
    socket.once("message", (reply: Buffer) => resolve(reply.length));
    socket.send(frame);
  });
}
