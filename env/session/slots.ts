/** Whoever has a slot. */
export interface SlotHolder {
  /** Whether it has been silent for so long that a client in need may have its slot. */
  unresponsive(): boolean;
  /** Ends it; it must release its slot before this returns. */
  giveUp(): void;
}

/** The places of one episode, or of several that come together, in the pool. Releasing them twice does no harm. */
export interface Slot {
  release(): void;
}

/**
 * The pool that all transports draw from. A slot is reserved before anything is made for it. Those who wait are served
 * in order of arrival; a silent holder loses its slot only when somebody else needs one.
 */
export class Slots {
  readonly max: number;
  /** How many places each holder has. */
  readonly #holders = new Map<SlotHolder, number>();
  #active = 0;
  /** Those who wait, in order; each says whether there was room for it. */
  readonly #waiting = new Set<() => boolean>();

  constructor(max: number) {
    this.max = max;
  }

  get active(): number {
    return this.#active;
  }

  /**
   * Takes a slot, at once or as soon as one is free.
   * @param waitMs how long to wait for one
   * @param signal ends the wait early, when whoever asked has gone
   * @param count how many places: all or none
   * @returns null when there is none in time
   */
  take(holder: SlotHolder, waitMs: number, signal: AbortSignal, count = 1): Promise<Slot | null> {
    if (signal.aborted || count > this.max) return Promise.resolve(null);
    if (this.#waiting.size === 0 && this.#makeRoom(count)) return Promise.resolve(this.#give(holder, count));
    return new Promise((resolve) => {
      const leave = (slot: Slot | null): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        this.#waiting.delete(onRoom);
        resolve(slot);
      };
      const onRoom = (): boolean => {
        if (!this.#hasRoom(count)) return false;
        leave(this.#give(holder, count));
        return true;
      };
      const onAbort = () => leave(null);
      const timer = setTimeout(() => {
        if (this.#makeRoom(count) && this.#waiting.has(onRoom)) leave(this.#give(holder, count));
        else leave(null);
      }, waitMs);
      signal.addEventListener("abort", onAbort);
      this.#waiting.add(onRoom);
    });
  }

  #hasRoom(count: number): boolean {
    return this.#active + count <= this.max;
  }

  /** Ends silent holders where that makes enough room, and no more of them than it takes. */
  #makeRoom(count: number): boolean {
    if (this.#hasRoom(count)) return true;
    const silent = [...this.#holders].filter(([holder]) => holder.unresponsive());
    const freed = silent.reduce((sum, [, places]) => sum + places, 0);
    if (!this.#hasRoom(count - freed)) return false;
    for (const [holder] of silent) {
      if (this.#hasRoom(count)) break;
      holder.giveUp();
    }
    return this.#hasRoom(count);
  }

  #give(holder: SlotHolder, count: number): Slot {
    this.#holders.set(holder, count);
    this.#active += count;
    return { release: () => this.#release(holder) };
  }

  #release(holder: SlotHolder): void {
    this.#active -= this.#holders.get(holder) ?? 0;
    if (!this.#holders.delete(holder)) return;
    for (const serve of this.#waiting) if (!serve()) return;
  }
}
