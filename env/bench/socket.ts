import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { WebSocket } from "ws";
import { sampleAction } from "../contract/sample.ts";
import { rngFor } from "../core/rng.ts";
import { compare } from "./rounds.ts";
import type { BenchResult } from "./result.ts";

export interface SocketBenchOptions {
  /** Messages of one measurement. */
  readonly messages?: number;
  /** Whether observations carry their text, which programs that learn decline. */
  readonly text?: boolean;
}

/** Steps of an episode that never reach the budget of the shortest one, with the reset before them. */
const STEPS = 12;
const EPISODES = 200;

/**
 * P5: steps of one session over a WebSocket against a bare WebSocket server that answers each message with a fixed text
 * of the same length. Resets with fresh seeds lie between and are not counted. Each server has a process of its own, so that neither shares an event
 * loop with the client.
 */
export async function run({ messages = 13_000, text = false }: SocketBenchOptions = {}): Promise<BenchResult> {
  const script = episodes(text);
  const ours = await start("ours");
  const bytes = await meanReply(ours.socket, script);
  const bare = await start(String(bytes));
  const result = await compare({
    id: "P5",
    title: `WebSocket, 1 session, replies of ${bytes} bytes on average`,
    unit: "messages/s",
    target: "≥ 0.75",
    bound: "the round trip, then the step itself, then JSON.stringify of the reply",
    baseline: { name: "bare ws, fixed reply", run: () => rate(bare.socket, script, messages) },
    ours: { name: "step", run: () => rate(ours.socket, script, messages) },
  });
  for (const { socket, server } of [bare, ours]) {
    socket.terminate();
    server.kill();
  }
  return result;
}

interface Side {
  readonly socket: WebSocket;
  readonly server: ChildProcess;
}

async function start(kind: string): Promise<Side> {
  const server = fork(join(import.meta.dirname, "socket-server.ts"), [kind]);
  const url = await new Promise<string>((resolve) => server.once("message", (message) => resolve(message as string)));
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await new Promise((resolve) => socket.once("open", resolve));
  return { socket, server };
}

/** Frames of whole episodes with random actions that do not end them, made beforehand. */
function episodes(text: boolean): string[] {
  const frames: string[] = [];
  for (let seed = 0; seed < EPISODES; seed += 1) {
    frames.push(JSON.stringify({ type: "reset", data: { seed, text } }));
    const rng = rngFor(seed, "bench", 0);
    for (let step = 0; step < STEPS;) {
      const action = sampleAction(rng);
      if (action.type === "escalate" || action.type === "resolve_incident") continue;
      frames.push(JSON.stringify({ type: "step", data: action }));
      step += 1;
    }
  }
  return frames;
}

/** Steps per second, one after the other; resets lie between the episodes and are not counted. */
async function rate(socket: WebSocket, script: readonly string[], messages: number): Promise<number> {
  let spent = 0;
  let steps = 0;
  for (let at = 0; steps < messages; at = (at + STEPS + 1) % script.length) {
    await exchange(socket, script.slice(at, at + 1), 1, () => {});
    const began = performance.now();
    await exchange(socket, script.slice(at + 1, at + 1 + STEPS), STEPS, () => {});
    spent += performance.now() - began;
    steps += STEPS;
  }
  return (steps / spent) * 1000;
}

async function meanReply(socket: WebSocket, script: readonly string[]): Promise<number> {
  let total = 0;
  await exchange(socket, script, script.length, (reply) => {
    total += reply.length;
  });
  return Math.round(total / script.length);
}

function exchange(
  socket: WebSocket,
  script: readonly string[],
  messages: number,
  seen: (reply: Buffer) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let sent = 0;
    const next = (): void => socket.send(script[sent++ % script.length] as string);
    socket.on("message", function onReply(reply: Buffer) {
      seen(reply);
      if (sent < messages) return next();
      socket.off("message", onReply);
      resolve();
    });
    next();
  });
}
