import { WebSocket } from "ws";
import { ClientError, errorFrom } from "./errors.ts";

/** How a connection is made. */
export interface WireOptions {
  /** The server's control token, where it wants one. */
  readonly token?: string | undefined;
  /** How long connecting may take, in milliseconds. */
  readonly connectMs: number;
  /** How long a reply may take, in milliseconds; afterwards the connection is given up. */
  readonly replyMs: number;
}

/** How long the server may take to answer a closing handshake. */
const CLOSE_MS = 2000;
const LONGEST_REPLY = 1024 * 1024;

/**
 * Opens a connection.
 * Rejects with ClientError CONNECT_FAILED or TIMED_OUT.
 */
export async function openWire(address: string, { token, connectMs, replyMs }: WireOptions): Promise<Wire> {
  const socket = new WebSocket(address, {
    handshakeTimeout: connectMs,
    perMessageDeflate: false,
    maxPayload: LONGEST_REPLY,
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
  });
  const wire = new Wire(socket, replyMs);
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", (cause) => {
      const code = /timed out/.test(cause.message) ? "TIMED_OUT" : "CONNECT_FAILED";
      const where = address.replace(/\?.*$/, "");
      reject(new ClientError(code, `Could not connect to ${where}: ${cause.message}`, { cause }));
    });
  });
  return wire;
}

interface Pending {
  readonly resolve: (data: never) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** One connection. Pairs replies with frames by their order. */
export class Wire {
  readonly #socket: WebSocket;
  readonly #replyMs: number;
  readonly #pending: Pending[] = [];
  /** Why nothing can be asked any more. */
  #ended: Error | null = null;
  /** Called once when the connection is over, with the code it was closed with. */
  onEnd: (code: number) => void = () => {};

  constructor(socket: WebSocket, replyMs: number) {
    this.#socket = socket;
    this.#replyMs = replyMs;
    socket.on("message", (data: Buffer) => this.#receive(data.toString()));
    socket.on("error", (cause) => this.#end(new ClientError("CONNECTION_LOST", cause.message, { cause })));
    socket.on("close", (code) => {
      this.#end(new ClientError("CONNECTION_LOST", `The server closed with code ${code}.`));
      this.onEnd(code);
    });
  }

  /** Whether nothing can be asked any more. */
  get ended(): boolean {
    return this.#ended !== null;
  }

  /**
   * Sends a frame and gives the data of its reply.
   * Rejects with what an error frame stands for, or with ClientError CONNECTION_LOST, TIMED_OUT or CLOSED.
   */
  ask<Data>(frame: object): Promise<Data> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    return new Promise<Data>((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(this.#late()), this.#replyMs);
      this.#pending.push({ resolve, reject, timer });
      this.#socket.send(JSON.stringify(frame));
    });
  }

  /** Ends session and connection. */
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

function readReply(text: string): { readonly type: unknown; readonly data: never } | null {
  try {
    const reply = JSON.parse(text) as { type: unknown; data: never } | null;
    return typeof reply === "object" && typeof reply?.data === "object" ? reply : null;
  } catch {
    return null;
  }
}
