import type { Connection } from "./connection.ts";

/** The open sockets of one server, tended together by one timer. */
export class Connections {
  readonly #open = new Set<Connection>();
  readonly #timer: NodeJS.Timeout;

  /** @param everyMs time between two rounds */
  constructor(everyMs: number) {
    this.#timer = setInterval(() => this.#tend(), everyMs);
    this.#timer.unref();
  }

  add(connection: Connection): void {
    this.#open.add(connection);
  }

  delete(connection: Connection): void {
    this.#open.delete(connection);
  }

  /** Closes every socket; nothing is tended any more. */
  closeAll(code: number): void {
    clearInterval(this.#timer);
    for (const connection of this.#open) connection.close(code);
  }

  #tend(): void {
    for (const connection of this.#open) connection.tend();
  }
}
