/** Whoever has a slot. */
export interface SlotHolder {
  /** Whether it has been silent for so long that a client in need may have its slot. */
  unresponsive(): boolean;
  /** Ends it; it must release its slot before this returns. */
  giveUp(): void;
}

/** One episode's place in the pool. Releasing it twice does no harm. */
export interface Slot {
  release(): void;
}

/**
 * The pool that all transports draw from. A slot is reserved before anything is made for it. Those who wait are served
 * in order of arrival; a silent holder loses its slot only when somebody else needs one.
 */
export class Slots {
  readonly max: number;
  readonly #holders = new Set<SlotHolder>();
  readonly #waiting = new Set<() => void>();

  constructor(max: number) {
    this.max = max;
  }

  get active(): number {
    return this.#holders.size;
  }

  /**
   * Takes a slot, at once or as soon as one is free.
   * @param waitMs how long to wait for one
   * @param signal ends the wait early, when whoever asked has gone
   * @returns null when there is none in time
   */
  take(holder: SlotHolder, waitMs: number, signal: AbortSignal): Promise<Slot | null> {
    if (signal.aborted) return Promise.resolve(null);
    if (this.#waiting.size === 0 && this.#hasRoom()) return Promise.resolve(this.#give(holder));
    return new Promise((resolve) => {
      const leave = (slot: Slot | null): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        this.#waiting.delete(onRoom);
        resolve(slot);
      };
      const onRoom = () => leave(this.#give(holder));
      const onAbort = () => leave(null);
      const timer = setTimeout(() => leave(this.#hasRoom() ? this.#give(holder) : null), waitMs);
      signal.addEventListener("abort", onAbort);
      this.#waiting.add(onRoom);
    });
  }

  #hasRoom(): boolean {
    if (this.#holders.size < this.max) return true;
    for (const holder of this.#holders) {
      if (!holder.unresponsive()) continue;
      holder.giveUp();
      return this.#holders.size < this.max;
    }
    return false;
  }

  #give(holder: SlotHolder): Slot {
    this.#holders.add(holder);
    return { release: () => this.#release(holder) };
  }

  #release(holder: SlotHolder): void {
    if (!this.#holders.delete(holder)) return;
    const [first] = this.#waiting;
    first?.();
  }
}
