import { randomInt } from "node:crypto";
import type { SeedState } from "../contract/journal.ts";
import { rngFor, wholeNumber } from "../core/rng.ts";

/** Seeds that a stream gives: those for training. */
const LAST_TRAINING_SEED = 999_999;

const FRESH: SeedState = { base: null, drawn: false, unseeded: 0 };

/**
 * Seeds of the resets that name none: a stream that starts at the last seed given, as Gymnasium demands, so that one
 * seed at the start makes a whole training run reproducible.
 */
export class SeedStream {
  readonly #draw: () => number;
  #base: number | null;
  /** Whether the base was drawn here rather than given. */
  #drawn: boolean;
  #unseeded: number;

  /**
   * @param draw where the base comes from when no seed was ever given
   * @param state where another stream stood, to go on from there
   */
  constructor(draw: () => number = () => randomInt(LAST_TRAINING_SEED + 1), state: SeedState = FRESH) {
    this.#draw = draw;
    this.#base = state.base;
    this.#drawn = state.drawn;
    this.#unseeded = state.unseeded;
  }

  /** Where the stream stands; it has a base from now on. */
  get state(): SeedState {
    return { base: this.#settledBase(), drawn: this.#drawn, unseeded: this.#unseeded };
  }

  /** The seed of the next reset without one. Asking does not move the stream: the reset may yet be refused. */
  get next(): number {
    return wholeNumber(rngFor(this.#settledBase(), "next-seed", this.#unseeded), 0, LAST_TRAINING_SEED);
  }

  /** What the stream started from, if it was drawn at random: nobody else knows. */
  get drawnBase(): number | null {
    return this.#drawn ? this.#base : null;
  }

  /** A reset was carried out, with a seed of its own or with the stream's. */
  advance(given: number | undefined): void {
    if (given === undefined) {
      this.#unseeded += 1;
      return;
    }
    this.#base = given;
    this.#drawn = false;
    this.#unseeded = 0;
  }

  #settledBase(): number {
    if (this.#base === null) {
      this.#base = this.#draw();
      this.#drawn = true;
    }
    return this.#base;
  }
}
