import type { ServerProcess } from "./server-process.ts";

/** How often memory is looked at, in milliseconds. */
const LOOK_MS = 100;

/** Follows the resident memory of a server, in MiB. */
export class MemoryWatch {
  readonly #server: ServerProcess;
  readonly #timer: NodeJS.Timeout;
  #most = 0;

  constructor(server: ServerProcess) {
    this.#server = server;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  /** The most since the last call. */
  take(): number {
    this.#look();
    const most = this.#most;
    this.#most = 0;
    return most;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.#server.ended === null) this.#most = Math.max(this.#most, this.#server.rssMib());
  }
}
