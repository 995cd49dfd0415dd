import { rngFor } from "../../../env/contract/index.ts";
import { FLAGS } from "../../../env/vector/index.ts";
import type { VectorBatch, VectorEnv, VectorReset } from "../../../env/vector/index.ts";
import { layoutOf } from "../../../agents/rl/layout.ts";
import type { PolicyLayout } from "../../../agents/rl/layout.ts";
import { TrainSettings } from "../../../agents/rl/settings.ts";

/** A training that is over in a moment. */
export const tinySettings = (changes: Partial<TrainSettings> = {}): TrainSettings =>
  TrainSettings.parse({
    envs: 16,
    horizon: 16,
    minibatch: 128,
    epochs: 3,
    hidden: [16, 16],
    shared: 4,
    learningRate: 0.01,
    entropy: [0.01, 0],
    novelty: 0,
    ...changes,
  });

const SYMBOLS = 4;
const ARMS = 6;
const spec = {
  actions: Array.from({ length: ARMS }, (_, index) => ({
    index,
    text: `pull(${index})`,
    action: { type: "pull", arm: index },
  })),
  features: Array.from({ length: SYMBOLS }, (_, index) => ({ index, name: `symbol.${index}`, low: 0, high: 1 })),
};

export const banditLayout: PolicyLayout = layoutOf(spec);

/** An arm that always pays, and is never allowed. */
const FORBIDDEN_ARM = ARMS - 1;

/**
 * Shows one of four symbols and pays 1 for the arm of the same number; an episode is one step. Arm 5 would always pay,
 * but is masked out; pulling it is an error.
 */
export class Bandit implements VectorEnv {
  readonly numEnvs: number;
  readonly spec = spec as unknown as VectorEnv["spec"];
  readonly #symbols: number[] = [];
  readonly #over: boolean[] = [];
  readonly #draws: (() => number)[] = [];

  constructor(numEnvs: number) {
    this.numEnvs = numEnvs;
  }

  reset({ seeds = [] }: VectorReset = {}): VectorBatch {
    for (let i = 0; i < this.numEnvs; i += 1) {
      this.#draws[i] = rngFor(seeds[i] ?? i, "bandit", 0);
      this.#begin(i);
    }
    return this.#batch(() => 0, FLAGS.first);
  }

  step(actions: ArrayLike<unknown>): VectorBatch {
    const wasOver = [...this.#over];
    const rewards = Array.from({ length: this.numEnvs }, (_, i) => {
      if (wasOver[i]) return 0;
      if (actions[i] === FORBIDDEN_ARM) throw new Error("A forbidden arm was pulled.");
      return actions[i] === this.#symbols[i] ? 1 : 0;
    });
    wasOver.forEach((over, i) => (over ? this.#begin(i) : (this.#over[i] = true)));
    return this.#batch((i) => rewards[i] as number, 0, wasOver);
  }

  close(): void {
    // Nothing is open.
  }

  #begin(i: number): void {
    this.#symbols[i] = Math.floor((this.#draws[i] as () => number)() * SYMBOLS);
    this.#over[i] = false;
  }

  #batch(reward: (i: number) => number, flags: number, wasOver: readonly boolean[] = []): VectorBatch {
    const observations = new Float32Array(this.numEnvs * SYMBOLS);
    this.#symbols.forEach((symbol, i) => (observations[i * SYMBOLS + symbol] = 1));
    const over = this.#over.map((is) => (is ? 1 : 0));
    return {
      observations,
      rewards: Float32Array.from({ length: this.numEnvs }, (_, i) => reward(i)),
      terminated: Uint8Array.from(over),
      truncated: new Uint8Array(this.numEnvs),
      flags: Uint8Array.from(over, (is, i) => (is ? FLAGS.over : wasOver[i] ? FLAGS.first : flags)),
      masks: Uint8Array.from(over, (is) => (1 << (is ? ARMS : FORBIDDEN_ARM)) - 1),
      ended: over.flatMap((is, env) =>
        is ? [{ env, score: reward(env), return: reward(env), steps: 1, ending: 1 }] : [],
      ),
    };
  }
}
