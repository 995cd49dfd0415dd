import { rngFor, shuffled, wholeNumber } from "../../env/contract/index.ts";
import type { VectorEnv } from "../../env/vector/index.ts";
import { advantagesOf } from "./advantages.ts";
import { Novelty } from "./novelty.ts";
import type { LossParts, Policy } from "./policy.ts";
import { playRollout } from "./rollout.ts";
import type { Rollout } from "./rollout.ts";
import { gatherRows, newRows } from "./rows.ts";
import { bandsAt, ratesAt } from "./settings.ts";
import type { Bands, TrainSettings } from "./settings.ts";

/** Seeds from 0 to this are for training. */
export const LAST_TRAINING_SEED = 999_999;

/** How far training has come. */
export interface Counters {
  readonly updates: number;
  /** Steps of all environments that counted. */
  readonly steps: number;
  readonly episodes: number;
}

/** What came of one update. Means over its minibatches, and over the episodes that ended while it played. */
export interface UpdateReport extends Counters, LossParts {
  readonly bands: Bands;
  /** Null when no episode ended. */
  readonly score: number | null;
  /** Share of the returns' variance that the values explain; 1 is best. */
  readonly explained: number;
}

/** Where training stands besides the policy. */
export interface TrainerState {
  readonly counters: Counters;
  readonly noveltyCounts: ArrayLike<number>;
}

/**
 * Proximal policy optimisation with invalid actions masked out. Whatever is drawn is keyed by the seed and the number
 * of the update, so that a trainer that is stopped and restored goes on as if nothing had happened.
 * Source: Schulman et al., "Proximal policy optimization algorithms" (2017); Huang and Ontañón, "A closer look at
 * invalid action masking in policy gradient algorithms" (2022).
 */
export class Trainer {
  readonly policy: Policy;
  readonly #settings: TrainSettings;
  readonly #envFor: (bands: Bands) => VectorEnv;
  readonly #novelty: Novelty;
  #counters: Counters;

  /** @param envFor environments with `next_step` autoreset that draw from the training tasks of these bands */
  constructor(
    policy: Policy,
    settings: TrainSettings,
    state: TrainerState | null,
    envFor: (bands: Bands) => VectorEnv,
  ) {
    this.policy = policy;
    this.#settings = settings;
    this.#envFor = envFor;
    this.#counters = state?.counters ?? { updates: 0, steps: 0, episodes: 0 };
    this.#novelty = new Novelty(policy.layout.obsDim, settings.envs, state?.noveltyCounts);
  }

  get state(): TrainerState {
    return { counters: this.#counters, noveltyCounts: this.#novelty.counts };
  }

  get isDone(): boolean {
    return this.#counters.steps >= this.#settings.steps;
  }

  /** Plays one rollout and learns from it. */
  update(): UpdateReport {
    const { seed, steps, envs, horizon, gamma, lambda } = this.#settings;
    const { updates } = this.#counters;
    const progress = this.#counters.steps / steps;
    const rates = ratesAt(this.#settings, progress);
    const bands = bandsAt(this.#settings, progress);
    const draw = rngFor(seed, "episodes", updates);
    const rollout = playRollout(this.policy, this.#envFor(bands), this.#novelty, {
      horizon,
      seeds: Array.from({ length: envs }, () => wholeNumber(draw, 0, LAST_TRAINING_SEED)),
      noveltyWeight: rates.novelty,
      faultNoise: this.#settings.faultNoise,
      rng: rngFor(seed, "act", updates),
    });
    const { advantages, returns } = advantagesOf(rollout, gamma, lambda);
    const parts = this.#learn(rollout, advantages, returns, rates);
    this.#counters = {
      updates: updates + 1,
      steps: this.#counters.steps + rollout.steps,
      episodes: this.#counters.episodes + rollout.scores.length,
    };
    return {
      ...this.#counters,
      ...parts,
      bands,
      score: rollout.scores.length === 0 ? null : mean(rollout.scores),
      explained: explained(rollout, returns),
    };
  }

  #learn(
    rollout: Rollout,
    advantages: Float32Array,
    returns: Float32Array,
    rates: ReturnType<typeof ratesAt>,
  ): LossParts {
    const { seed, epochs, minibatch } = this.#settings;
    const { updates } = this.#counters;
    const rows = newRows(this.policy.layout, minibatch);
    const parts: LossParts[] = [];
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      const order = shuffled(rngFor(seed, `shuffle-${epoch}`, updates), [...rollout.taken.keys()]);
      for (let from = 0; from < order.length; from += minibatch) {
        const at = order.slice(from, from + minibatch);
        gatherRows(rollout.rows, at, rows);
        const pick = (values: Float32Array): Float32Array => Float32Array.from(at, (i) => values[i] as number);
        parts.push(
          this.policy.step(
            {
              ...rows,
              taken: Int32Array.from(at, (i) => rollout.taken[i] as number),
              logProbs: pick(rollout.logProbs),
              advantages: pick(advantages),
              returns: pick(returns),
              weights: pick(rollout.weights),
            },
            rates,
          ),
        );
      }
    }
    const of = (name: keyof LossParts): number => mean(parts.map((one) => one[name]));
    return {
      loss: of("loss"),
      policyLoss: of("policyLoss"),
      valueLoss: of("valueLoss"),
      entropy: of("entropy"),
      kl: of("kl"),
      clipped: of("clipped"),
    };
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const variance = (values: readonly number[]): number => {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) * (value - centre)));
};

function explained({ values, weights }: Rollout, returns: Float32Array): number {
  const counted = [...returns.keys()].filter((i) => weights[i] === 1);
  const whole = variance(counted.map((i) => returns[i] as number));
  const left = variance(counted.map((i) => (returns[i] as number) - (values[i] as number)));
  return whole === 0 ? 0 : 1 - left / whole;
}
