/** Longest stretch of work, in milliseconds, before other connections have their turn. */
const SLICE_MS = 5;

/** Cuts a long piece of work into slices: whoever does it asks between its parts whether to pause. */
export class Slices {
  #until = performance.now() + SLICE_MS;

  /** Whether this slice has been long enough. */
  get isOver(): boolean {
    return performance.now() >= this.#until;
  }

  /** Lets others have their turn. */
  async pause(): Promise<void> {
    await new Promise(setImmediate);
    this.#until = performance.now() + SLICE_MS;
  }
}
