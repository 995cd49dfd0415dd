import { z } from "zod";
import type { Sizes } from "./weights.ts";

const Share = z.number().min(0).max(1);
const Bands = z.array(z.enum(["easy", "medium", "hard"])).min(1);

/** How a policy is trained. All of it goes into checkpoints. */
export const TrainSettings = z.strictObject({
  /** Everything that is drawn is drawn from this. */
  seed: z.int().min(0).default(0),
  /** Hash of the checkpoint whose weights it starts from; null: drawn by chance. */
  from: z.string().nullable().default(null),
  /** Whom to imitate before learning from rewards. */
  warmStart: z.enum(["none", "runbook"]).default("none"),
  /** Episodes of each training task that are imitated, and how often each is gone over. */
  demonstrations: z.int().positive().default(60),
  imitationEpochs: z.int().positive().default(8),
  /** Steps of all environments together after which training is over. */
  steps: z.int().positive().default(1_500_000),
  envs: z.int().min(1).max(1024).default(64),
  /** Steps of each environment between two updates. */
  horizon: z.int().min(1).max(4096).default(48),
  epochs: z.int().min(1).max(100).default(3),
  /** Rows of one step of the optimiser; divides envs · horizon. */
  minibatch: z.int().min(1).default(512),
  /** Falls to a tenth in the course of training. */
  learningRate: z.number().positive().default(1e-3),
  clip: Share.default(0.2),
  /** Discount per step, and that of advantages (Schulman et al., 2016). */
  gamma: Share.default(0.99),
  lambda: Share.default(0.95),
  valueCoefficient: z.number().min(0).default(0.5),
  /** Weight of the entropy bonus at the start and at the end. */
  entropy: z.tuple([z.number().min(0), z.number().min(0)]).default([0.02, 0.003]),
  /** Weight of the bonus for seeing something rare; falls to zero in the first half of training. */
  novelty: z.number().min(0).default(0.05),
  /**
   * How often the fault of an action that closes is drawn anew from all: one that is right in part already pays, and a
   * policy that holds on to it would never learn the right one.
   */
  faultNoise: Share.default(0),
  maxNorm: z.number().positive().default(0.5),
  hidden: z.tuple([z.int().positive(), z.int().positive()]).default([128, 128]),
  shared: z.int().positive().default(16),
  /** Difficulties of the incidents until a share of the steps is done. */
  curriculum: z
    .array(z.strictObject({ until: Share, bands: Bands }))
    .min(1)
    .default([
      { until: 0.1, bands: ["easy"] },
      { until: 0.35, bands: ["easy", "medium"] },
      { until: 1, bands: ["easy", "medium", "hard"] },
    ]),
});
export type TrainSettings = z.output<typeof TrainSettings>;
export type Bands = z.output<typeof Bands>;

/** What a policy of these settings consists of. */
export const sizesOf = ({ hidden, shared }: TrainSettings): Sizes => ({ hidden, shared });

/** What has to hold between settings; null when all does. */
export function contradictionIn({ envs, horizon, minibatch }: TrainSettings): string | null {
  const rows = envs * horizon;
  if (rows % minibatch === 0) return null;
  return `minibatch: expected a divisor of envs · horizon = ${rows}, got ${minibatch}.`;
}

/** The difficulties at a point of training. @param progress share of the steps that is done */
export const bandsAt = ({ curriculum }: TrainSettings, progress: number): Bands =>
  curriculum.find(({ until }) => progress < until)?.bands ?? curriculum.at(-1)?.bands ?? [];

/** The rates at a point of training. */
export function ratesAt(settings: TrainSettings, progress: number) {
  const { learningRate, entropy, clip, valueCoefficient, maxNorm, novelty } = settings;
  const done = Math.min(1, progress);
  return {
    learningRate: learningRate * (1 - 0.9 * done),
    entropyCoefficient: entropy[0] + (entropy[1] - entropy[0]) * done,
    clip,
    valueCoefficient,
    maxNorm,
    novelty: novelty * Math.max(0, 1 - 2 * done),
  };
}
