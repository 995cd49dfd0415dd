import { once } from "node:events";
import { WebSocket } from "ws";
import type { ClientOptions } from "ws";

/** The socket closed before an answer came. */
export class SocketClosed extends Error {
  override readonly name = "SocketClosed";
  readonly code: number;

  constructor(code: number) {
    super(`closed with ${code}`);
    this.code = code;
  }
}

interface Taker {
  readonly resolve: (text: string) => void;
  readonly reject: (error: Error) => void;
}

const CONNECT_MS = 20_000;
const REPLY_MS = 30_000;

/** A WebSocket on which anything can be said; replies are taken in the order in which they came. */
export class FrameSocket {
  readonly socket: WebSocket;
  /** Code with which it closed. */
  readonly closed: Promise<number>;
  readonly #replies: string[] = [];
  readonly #takers: Taker[] = [];
  #closeCode: number | null = null;

  /** Rejects when the handshake is refused or takes too long. */
  static async open(url: string, path = "/ws", options: ClientOptions = {}): Promise<FrameSocket> {
    const socket = new WebSocket(url.replace("http", "ws") + path, { perMessageDeflate: false, ...options });
    const frames = new FrameSocket(socket);
    await once(socket, "open", { signal: AbortSignal.timeout(CONNECT_MS) });
    return frames;
  }

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("error", () => {}); // what happened shows in the code
    socket.on("message", (data: Buffer) => this.#receive(data.toString()));
    this.closed = new Promise((resolve) => {
      socket.once("close", (code) => {
        this.#closeCode = code;
        for (const { reject } of this.#takers.splice(0)) reject(new SocketClosed(code));
        resolve(code);
      });
    });
  }

  send(frame: string | Buffer): void {
    this.socket.send(frame);
  }

  /** The next reply that nobody has taken. Rejects with SocketClosed, or after 30 s. */
  next(): Promise<string> {
    const reply = this.#replies.shift();
    if (reply !== undefined) return Promise.resolve(reply);
    if (this.#closeCode !== null) return Promise.reject(new SocketClosed(this.#closeCode));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no reply within 30 s")), REPLY_MS);
      const settled = <Value>(settle: (value: Value) => void) => {
        return (value: Value): void => {
          clearTimeout(timer);
          settle(value);
        };
      };
      this.#takers.push({ resolve: settled(resolve), reject: settled(reject) });
    });
  }

  ask(frame: string | Buffer): Promise<string> {
    const reply = this.next();
    this.send(frame);
    return reply;
  }

  /** Closes it in good order; frees the session at once. */
  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }

  /** The connection is cut off without a word. */
  cut(): void {
    this.socket.terminate();
  }

  #receive(text: string): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#replies.push(text);
    else taker.resolve(text);
  }
}
