import { WebSocket } from "ws";
import type { EpisodeState, ResetTurn, StepTurn } from "../contract/index.ts";
import type { ObservationBody } from "../contract/http.ts";
import type { ClientReset, EnvClient } from "./client.ts";
import { ClientError, errorFrom } from "./errors.ts";

export interface SocketOptions {
  /** The server's control token, where it wants one. */
  readonly token?: string;
  /** How long connecting may take, in milliseconds. */
  readonly connectMs?: number;
  /** How long a reply may take, in milliseconds; afterwards the connection is given up. */
  readonly replyMs?: number;
}

const CONNECT_MS = 10_000;
const REPLY_MS = 30_000;
/** How long the server may take to answer a closing handshake. */
const CLOSE_MS = 2000;
const LONGEST_REPLY = 1024 * 1024;

/**
 * Connects to a server's `/ws`.
 * @param url base address of the server, `http://…` or `ws://…`, with or without a path prefix
 * Rejects with ClientError CONNECT_FAILED or TIMED_OUT.
 */
export async function connectSocket(url: string, options: SocketOptions = {}): Promise<EnvClient> {
  const { token, connectMs = CONNECT_MS, replyMs = REPLY_MS } = options;
  const address = socketAddress(url);
  const socket = new WebSocket(address, {
    handshakeTimeout: connectMs,
    perMessageDeflate: false,
    maxPayload: LONGEST_REPLY,
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
  });
  const client = new SocketClient(socket, replyMs);
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", (cause) => {
      const code = /timed out/.test(cause.message) ? "TIMED_OUT" : "CONNECT_FAILED";
      reject(new ClientError(code, `Could not connect to ${address}: ${cause.message}`, { cause }));
    });
  });
  return client;
}

interface Pending {
  readonly resolve: (data: never) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Pairs replies with requests by their order: the protocol has no ids. */
class SocketClient implements EnvClient {
  readonly #socket: WebSocket;
  readonly #replyMs: number;
  readonly #pending: Pending[] = [];
  /** Why nothing can be asked any more. */
  #ended: Error | null = null;

  constructor(socket: WebSocket, replyMs: number) {
    this.#socket = socket;
    this.#replyMs = replyMs;
    socket.on("message", (data: Buffer) => this.#receive(data.toString()));
    socket.on("error", (cause) => this.#end(new ClientError("CONNECTION_LOST", cause.message, { cause })));
    socket.on("close", (code) => this.#end(new ClientError("CONNECTION_LOST", `The server closed with code ${code}.`)));
  }

  async reset({ seed, options }: ClientReset = {}): Promise<ResetTurn> {
    const { observation, metadata } = await this.#ask<ObservationBody>({ type: "reset", data: { ...options, seed } });
    return { observation: shown(observation), info: metadata.info as ResetTurn["info"] };
  }

  async step(action: unknown): Promise<StepTurn> {
    const { observation, reward, metadata } = await this.#ask<ObservationBody>({ type: "step", data: action ?? null });
    const { terminated, truncated, info } = metadata;
    return {
      observation: shown(observation),
      reward: reward as number,
      terminated,
      truncated,
      info: info as StepTurn["info"],
    };
  }

  state(): Promise<EpisodeState> {
    return this.#ask<EpisodeState>({ type: "state" });
  }

  async close(): Promise<void> {
    this.#end(new ClientError("CLOSED", "The client is closed."));
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise<void>((resolve) => this.#socket.once("close", () => resolve()));
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send('{"type":"close"}'); // frees the slot at once
    this.#socket.close(1000);
    const impatience = setTimeout(() => this.#socket.terminate(), CLOSE_MS);
    await closed;
    clearTimeout(impatience);
  }

  #ask<Data>(frame: object): Promise<Data> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    return new Promise<Data>((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(this.#late()), this.#replyMs);
      this.#pending.push({ resolve, reject, timer });
      this.#socket.send(JSON.stringify(frame));
    });
  }

  #receive(text: string): void {
    const reply = readReply(text);
    if (reply === null) return this.#giveUp(new ClientError("CONNECTION_LOST", "The server sent what is no reply."));
    const { type, data } = reply;
    const error = type === "error" ? errorFrom(data) : null;
    if (error instanceof ClientError && (error.code === "CAPACITY_REACHED" || error.code === "SESSION_ERROR")) {
      return this.#end(error);
    }
    const pending = this.#pending.shift();
    clearTimeout(pending?.timer);
    if (error === null) pending?.resolve(data);
    else pending?.reject(error);
  }

  /** The pairing is lost: a reply that comes too late would be taken for the next one's. */
  #giveUp(error: Error): void {
    this.#end(error);
    this.#socket.terminate();
  }

  #late(): Error {
    return new ClientError("TIMED_OUT", `The server did not answer within ${this.#replyMs} ms.`);
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject, timer } of this.#pending.splice(0)) {
      clearTimeout(timer);
      reject(error);
    }
  }
}

/** The observation without the metadata that travels inside it. */
function shown({ metadata: _metadata, ...observation }: ObservationBody["observation"]): ResetTurn["observation"] {
  return observation;
}

function readReply(text: string): { readonly type: unknown; readonly data: never } | null {
  try {
    const reply = JSON.parse(text) as { type: unknown; data: never } | null;
    return typeof reply === "object" && typeof reply?.data === "object" ? reply : null;
  } catch {
    return null;
  }
}

function socketAddress(url: string): string {
  const base = url.replace(/^http/, "ws").replace(/\/+$/, "");
  return base.endsWith("/ws") ? base : `${base}/ws`;
}
