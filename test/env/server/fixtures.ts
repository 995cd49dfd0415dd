import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { ClientOptions } from "ws";
import { readConfig } from "../../../env/server/config.ts";
import { serve } from "../../../env/server/server.ts";
import type { RunningServer } from "../../../env/server/server.ts";
import { coreSuite } from "../../../tasks/index.ts";

/** A server of its own for one test, on a free port; closed when the test ends. */
export async function startServer(flags: Readonly<Record<string, unknown>> = {}): Promise<RunningServer> {
  const config = readConfig({ flags: { port: 0, logLevel: "silent", ...flags } });
  const server = await serve({ suite: coreSuite, config });
  onTestFinished(() => server.close());
  return server;
}

/** What a server answered over HTTP. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text parsed; undefined where it is no JSON. */
  readonly body: Reply;
}

/** One HTTP call. A body that is no text is sent as JSON. */
export async function call(
  url: string,
  method: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpReply> {
  const type = { "content-type": "application/json" };
  const sent = body === undefined ? { headers } : { headers: { ...type, ...headers }, body: textOf(body) };
  const response = await fetch(url, { method, ...sent });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

const textOf = (body: unknown): string => (typeof body === "string" ? body : JSON.stringify(body));

function parsed(text: string): Reply {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A parsed reply; tests look into it by name. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Reply = any;

/** A socket that sends and receives raw frames, so that a test can say anything. */
export interface RawSocket {
  readonly socket: WebSocket;
  /** Sends text as it is, or a value as JSON. */
  send(frame: unknown): void;
  /** The next reply that nobody has taken yet, as text; rejects when the socket closes before it. */
  nextText(): Promise<string>;
  /** The same, parsed. */
  next(): Promise<Reply>;
  /** Sends and awaits the reply. */
  ask(frame: unknown): Promise<Reply>;
  /** Code with which the socket closed. */
  readonly closed: Promise<number>;
}

/** Opens `/ws`; ended when the test ends. Rejects when the handshake is refused, naming the status. */
export async function openSocket(url: string, options: ClientOptions = {}, path = "/ws"): Promise<RawSocket> {
  const socket = new WebSocket(url.replace("http", "ws") + path, { perMessageDeflate: false, ...options });
  onTestFinished(() => socket.terminate());
  const raw = rawSocket(socket);
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  return raw;
}

function rawSocket(socket: WebSocket): RawSocket {
  const replies: string[] = [];
  const takers: { resolve: (text: string) => void; reject: (error: Error) => void }[] = [];
  const closed = new Promise<number>((resolve) => {
    socket.once("close", (code) => {
      resolve(code);
      for (const { reject } of takers.splice(0)) reject(new Error(`closed with ${code}`));
    });
  });
  socket.on("error", () => {}); // what happened shows in the code
  socket.on("message", (data: Buffer) => {
    const taker = takers.shift();
    if (taker === undefined) replies.push(data.toString());
    else taker.resolve(data.toString());
  });
  const raw: RawSocket = {
    socket,
    closed,
    send: (frame) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    nextText: () =>
      replies.length > 0
        ? Promise.resolve(replies.shift() as string)
        : new Promise((resolve, reject) => takers.push({ resolve, reject })),
    next: async () => JSON.parse(await raw.nextText()),
    ask(frame) {
      raw.send(frame);
      return raw.next();
    },
  };
  return raw;
}

export const reset = (data: object = { seed: 1 }): object => ({ type: "reset", data });
export const step = (data: unknown): object => ({ type: "step", data });
