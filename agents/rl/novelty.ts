/** Readings closer to zero than this count as nothing. */
const NOTHING = 0.02;

/**
 * A bonus for being shown what is rarely shown: 1/√n for the rarest feature that leaves zero for the first time in an
 * episode, for the n-th time in training. Reads observations alone.
 * Source: count-based exploration after Strehl and Littman (2008).
 */
export class Novelty {
  /** How often each feature was shown. */
  readonly counts: Float64Array;
  readonly #obsDim: number;
  readonly #seen: Uint8Array;

  constructor(obsDim: number, envs: number, counts: ArrayLike<number> = new Float64Array(obsDim)) {
    this.counts = Float64Array.from(counts);
    this.#obsDim = obsDim;
    this.#seen = new Uint8Array(obsDim * envs);
  }

  /** An episode begins: what its page shows is no news. */
  begin(env: number, observations: Float32Array): void {
    const at = env * this.#obsDim;
    for (let i = at; i < at + this.#obsDim; i += 1) this.#seen[i] = shows(observations, i) ? 1 : 0;
  }

  /** @returns from 0 to 1 */
  see(env: number, observations: Float32Array): number {
    const at = env * this.#obsDim;
    let rarest = Infinity;
    for (let i = 0; i < this.#obsDim; i += 1) {
      if (this.#seen[at + i] === 1 || !shows(observations, at + i)) continue;
      this.#seen[at + i] = 1;
      const count = (this.counts[i] as number) + 1;
      this.counts[i] = count;
      if (count < rarest) rarest = count;
    }
    return 1 / Math.sqrt(rarest);
  }
}

const shows = (observations: Float32Array, i: number): boolean => Math.abs(observations[i] as number) > NOTHING;
