import type { Session } from "./session.ts";
import type { Slot } from "./slots.ts";

/** An environment with a name: what every transport holds on to while a client plays in it. */
export class LiveSession {
  /** Control plane: who knows it may reset, read state and rewards. 128 random bits, with a node's prefix if it has one. */
  readonly id: string;
  readonly session: Session;
  readonly #slot: Slot;
  readonly #newHandle: () => string;
  readonly #onRelease: (session: LiveSession) => void;
  #handle: string | null = null;
  #released = false;
  /** Monotonic time of the last reset, step or tool call, in milliseconds. */
  playedAt = performance.now();

  constructor(
    id: string,
    session: Session,
    slot: Slot,
    newHandle: (session: LiveSession) => string,
    onRelease: (session: LiveSession) => void,
  ) {
    this.id = id;
    this.session = session;
    this.#slot = slot;
    this.#newHandle = () => newHandle(this);
    this.#onRelease = onRelease;
  }

  /** Agent plane: leads to the present episode and gives no control over it. Made when first asked for. */
  get handle(): string {
    return (this.#handle ??= this.#newHandle());
  }

  /** The handle that was given out, if one was. */
  get knownHandle(): string | null {
    return this.#handle;
  }

  /** A reset begins another episode: the handle of the last one leads nowhere from now on. */
  forgetHandle(): void {
    this.#handle = null;
  }

  get released(): boolean {
    return this.#released;
  }

  /** Something was played. */
  touch(): void {
    this.playedAt = performance.now();
  }

  /** Frees the slot, and forgets id and handle. Releasing twice does no harm. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#onRelease(this);
    this.#slot.release();
  }
}
