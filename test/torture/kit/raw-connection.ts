import { connect } from "node:net";
import type { Socket } from "node:net";

/** A TCP connection that sends bytes as they are and keeps all that comes back. */
export class RawConnection {
  readonly #socket: Socket;
  readonly #chunks: Buffer[] = [];
  #isClosed = false;

  /** Rejects when the server does not accept it. */
  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", () => resolve());
      socket.once("error", reject);
    });
    return new RawConnection(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (bytes) => this.#chunks.push(bytes));
    socket.on("error", () => {}); // a close follows
    socket.once("close", () => (this.#isClosed = true));
  }

  get received(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** Whether the server, or this side, has ended it. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  write(bytes: Buffer | string): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  /** Nothing more is sent; what comes is still read. */
  end(): void {
    this.#socket.end();
  }

  /** Nothing that comes is read any more. */
  stopReading(): void {
    this.#socket.pause();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Waits until something holds of what came, or of the connection's end; says whether it does in the end. */
  async until(holds: () => boolean, withinMs: number): Promise<boolean> {
    const signal = AbortSignal.timeout(withinMs);
    while (!holds() && !this.#isClosed && !signal.aborted) await this.#news(signal); // oxlint-disable-line no-await-in-loop
    return holds();
  }

  /** Resolves when bytes come, the connection ends, or time is over. */
  #news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#socket.off("data", done).off("close", done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.#socket.once("data", done).once("close", done);
      signal.addEventListener("abort", done);
    });
  }
}
