import type { Rng } from "../../env/contract/index.ts";
import { FLAGS } from "../../env/vector/index.ts";
import type { VectorBatch, VectorEnv } from "../../env/vector/index.ts";
import { drawCell, exchanged } from "./choose.ts";
import type { Novelty } from "./novelty.ts";
import type { Policy } from "./policy.ts";
import { newRows, rowsBetween, writeRow } from "./rows.ts";
import type { PolicyRows } from "./rows.ts";

/** What was done and earned in `horizon` steps of `envs` environments; row t · envs + i is step t of environment i. */
export interface Rollout {
  readonly rows: PolicyRows;
  readonly taken: Int32Array;
  readonly logProbs: Float32Array;
  readonly values: Float32Array;
  /** With the bonus for novelty. */
  readonly rewards: Float32Array;
  /** 1 where the step ended its episode. */
  readonly ended: Uint8Array;
  /** 0 where the step only started the next episode. */
  readonly weights: Float32Array;
  /** Values of the observations after the last step. */
  readonly lastValues: Float32Array;
  /** Scores of the episodes that ended. */
  readonly scores: readonly number[];
  /** Steps that count. */
  readonly steps: number;
}

export interface RolloutPlan {
  readonly horizon: number;
  /** Seeds of the first episodes; the environments go on with their own streams. */
  readonly seeds: readonly number[];
  readonly noveltyWeight: number;
  /** How often the fault of an action that closes is drawn anew. */
  readonly faultNoise: number;
  readonly rng: Rng;
}

/**
 * Plays. Every rollout begins with new episodes, so that it depends on its seeds and the policy alone, and training
 * can be interrupted between any two.
 */
export function playRollout(policy: Policy, env: VectorEnv, novelty: Novelty, plan: RolloutPlan): Rollout {
  const { horizon, noveltyWeight, faultNoise, rng } = plan;
  const { numEnvs: envs } = env;
  const { layout } = policy;
  const size = envs * horizon;
  const rows = newRows(layout, size);
  const [taken, ended] = [new Int32Array(size), new Uint8Array(size)];
  const [logProbs, values, rewards, weights] = [0, 0, 0, 0].map(() => new Float32Array(size)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const actions = new Uint16Array(envs);
  const scores: number[] = [];
  let batch = env.reset({ seeds: plan.seeds });
  for (let i = 0; i < envs; i += 1) novelty.begin(i, batch.observations);
  for (let t = 0; t < horizon; t += 1) {
    const from = t * envs;
    copyBatch(policy, batch, rows, from);
    const step = rowsBetween(rows, from, from + envs);
    const forward = policy.forward(step);
    values.set(forward.values, from);
    for (let i = 0; i < envs; i += 1) {
      const at = i * layout.cells;
      const drawn = drawCell(forward.logits, step.masks, at, layout.cells, rng());
      const faults = layout.faultsOf[drawn.cell] as readonly number[];
      const isExchanged = faultNoise > 0 && faults.length > 0;
      const { cell, logProb } = isExchanged ? exchanged(drawn, faults, forward.logits, at, faultNoise, rng) : drawn;
      taken[from + i] = cell;
      logProbs[from + i] = logProb;
      weights[from + i] = isOver(batch, i) ? 0 : 1;
      actions[i] = layout.actionOf[cell] as number;
    }
    batch = env.step(actions);
    for (const { score } of batch.ended) scores.push(score);
    for (let i = 0; i < envs; i += 1) {
      rewards[from + i] = batch.rewards[i] as number;
      ended[from + i] = isOver(batch, i) ? 1 : 0;
      if (weights[from + i] === 0) novelty.begin(i, batch.observations);
      else if (noveltyWeight > 0)
        rewards[from + i] = (batch.rewards[i] as number) + noveltyWeight * novelty.see(i, batch.observations);
    }
  }
  const last = newRows(layout, envs);
  copyBatch(policy, batch, last, 0);
  const lastValues = policy.forward(last).values;
  const steps = weights.reduce((sum, weight) => sum + weight, 0);
  return { rows, taken, logProbs, values, rewards, ended, weights, lastValues, scores, steps };
}

const isOver = ({ flags }: VectorBatch, i: number): boolean => ((flags[i] as number) & FLAGS.over) !== 0;

function copyBatch({ layout }: Policy, batch: VectorBatch, rows: PolicyRows, from: number): void {
  const envs = batch.flags.length;
  const maskBytes = batch.masks.length / envs;
  for (let i = 0; i < envs; i += 1) {
    writeRow(layout, rows, from + i, batch, { observation: i * layout.obsDim, mask: i * maskBytes });
  }
}
