import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { Reply } from "../server/fixtures.ts";

/** A client on `/vector` that sends anything and takes replies in order. */
export interface VectorSocket {
  /** Sends text as it is, bytes as a binary frame, or a value as JSON. */
  send(frame: unknown): void;
  /** The next reply: text parsed, or bytes. */
  next(): Promise<Reply>;
  ask(frame: unknown): Promise<Reply>;
  readonly socket: WebSocket;
  /** Code with which the socket closed. */
  readonly closed: Promise<number>;
}

/** Opens `/vector`; ended when the test ends. */
export async function openVector(url: string): Promise<VectorSocket> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/vector`, { perMessageDeflate: false });
  onTestFinished(() => socket.terminate());
  const replies: unknown[] = [];
  const takers: ((reply: unknown) => void)[] = [];
  socket.on("error", () => {}); // what happened shows in the code
  socket.on("message", (data: Buffer, isBinary: boolean) => {
    const reply: unknown = isBinary ? data : JSON.parse(data.toString());
    const taker = takers.shift();
    if (taker === undefined) replies.push(reply);
    else taker(reply);
  });
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  await new Promise((resolve) => socket.once("open", resolve));
  const client: VectorSocket = {
    socket,
    closed,
    send: (frame) =>
      socket.send(typeof frame === "string" || frame instanceof Uint8Array ? frame : JSON.stringify(frame)),
    next: () =>
      replies.length > 0 ? Promise.resolve(replies.shift()) : new Promise((resolve) => takers.push(resolve)),
    ask(frame) {
      client.send(frame);
      return client.next();
    },
  };
  return client;
}

export const open = (data: object) => ({ type: "vector_open", data });
export const reset = (seq: number, data: object = { seed: 1 }) => ({ type: "vector_reset", data: { seq, ...data } });
export const step = (seq: number, actions: readonly unknown[]) => ({ type: "vector_step", data: { seq, actions } });

/** A binary step request, byte by byte as the page on the protocol has it. */
export function stepBytes(seq: number, actions: readonly number[]): Uint8Array {
  const frame = Buffer.alloc(16 + 2 * actions.length);
  frame.write("OCV1", 0, "latin1");
  frame.writeUInt8(1, 4);
  frame.writeUInt32LE(seq, 8);
  frame.writeUInt32LE(actions.length, 12);
  actions.forEach((action, i) => frame.writeUInt16LE(action, 16 + 2 * i));
  return frame;
}

/** A binary batch taken apart, block by block as the page on the protocol has it. */
export function readBatch(frame: Buffer) {
  const [numEnvs, features, actions, maskBytes, endedCount] = [12, 16, 20, 24, 28].map((at) =>
    frame.readUInt32LE(at),
  ) as [number, number, number, number, number];
  const bits = frame.readUInt8(5);
  let at = 32;
  const floats = (count: number) => Array.from({ length: count }, () => frame.readFloatLE((at += 4) - 4));
  const bytes = (count: number) => Array.from({ length: count }, () => frame.readUInt8(at++));
  const align = () => (at = Math.ceil(at / 4) * 4);
  const observations = floats(numEnvs * features);
  const rewards = floats(numEnvs);
  const [terminated, truncated, flags] = [bytes(numEnvs), bytes(numEnvs), bytes(numEnvs)];
  align();
  const masks = bytes(numEnvs * maskBytes);
  align();
  const ended = Array.from({ length: endedCount }, () => {
    const env = frame.readUInt32LE(at);
    const [score, returned] = [frame.readFloatLE(at + 4), frame.readFloatLE(at + 8)];
    const [steps, ending] = [frame.readUInt32LE(at + 12), frame.readUInt32LE(at + 16)];
    at += 20;
    return { env, score, return: returned, steps, ending, final: (bits & 2) === 0 ? [] : floats(features) };
  });
  return {
    head: {
      magic: frame.toString("latin1", 0, 4),
      kind: frame.readUInt8(4),
      isReset: (bits & 1) !== 0,
      withFinals: (bits & 2) !== 0,
      headerBytes: frame.readUInt16LE(6),
      seq: frame.readUInt32LE(8),
      numEnvs,
      features,
      actions,
      maskBytes,
    },
    batch: { observations, rewards, terminated, truncated, flags, masks, ended },
    /** Bytes behind the last block. */
    left: frame.length - at,
  };
}
