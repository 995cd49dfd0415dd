import { CLOSE_CODES } from "./close-codes.ts";

/** An open socket, as far as its care goes. */
export interface Tended {
  /** Whether frames have come that are not answered yet. */
  readonly busy: boolean;
  /** Regular care: asks for a sign of life, and ends what has been silent or idle for too long. */
  tend(): void;
  /** Begins the closing handshake. */
  close(code: number): void;
}

/** How often a draining server looks whether frames are still waiting. */
const LOOK_MS = 20;

/** The open sockets of one server, tended together by one timer. */
export class Connections {
  readonly #open = new Set<Tended>();
  readonly #timer: NodeJS.Timeout;

  /** @param everyMs time between two rounds */
  constructor(everyMs: number) {
    this.#timer = setInterval(() => this.#tend(), everyMs);
    this.#timer.unref();
  }

  add(connection: Tended): void {
    this.#open.add(connection);
  }

  delete(connection: Tended): void {
    this.#open.delete(connection);
  }

  /** Closes every socket once its frames are answered, at the latest after `limitMs`; nothing is tended any more. */
  async drain(limitMs: number): Promise<void> {
    clearInterval(this.#timer);
    const late = performance.now() + limitMs;
    for (;;) {
      for (const connection of this.#open) {
        if (!connection.busy || performance.now() > late) connection.close(CLOSE_CODES.draining);
      }
      if (![...this.#open].some(({ busy }) => busy)) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS)); // oxlint-disable-line no-await-in-loop
    }
  }

  #tend(): void {
    for (const connection of this.#open) connection.tend();
  }
}
