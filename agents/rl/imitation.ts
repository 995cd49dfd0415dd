import { rngFor, shuffled } from "../../env/contract/index.ts";
import { logProbOf } from "./choose.ts";
import type { Policy } from "./policy.ts";
import { gatherRows, newRows } from "./rows.ts";
import type { PolicyRows } from "./rows.ts";
import type { TrainSettings } from "./settings.ts";

/** What another agent did, row by row, and the discounted rewards that followed. */
export interface Demonstrations {
  readonly rows: PolicyRows;
  /** Cells of the actions that were taken. */
  readonly taken: Int32Array;
  readonly returns: Float32Array;
}

/**
 * Makes what was shown likelier, and learns the value of what was seen. A step of the policy's own loss, from where it
 * stands and with advantage 1 everywhere, is a step along the gradient of the log likelihood.
 */
export function imitate(policy: Policy, { rows, taken, returns }: Demonstrations, settings: TrainSettings): void {
  const { seed, imitationEpochs, minibatch, learningRate, clip, valueCoefficient, maxNorm } = settings;
  const rates = { learningRate, clip, valueCoefficient, maxNorm, entropyCoefficient: 0 };
  const batch = newRows(policy.layout, minibatch);
  const ones = new Float32Array(minibatch).fill(1);
  for (let epoch = 0; epoch < imitationEpochs; epoch += 1) {
    const order = shuffled(rngFor(seed, "imitate", epoch), [...taken.keys()]);
    for (let from = 0; from + minibatch <= order.length; from += minibatch) {
      const at = order.slice(from, from + minibatch);
      gatherRows(rows, at, batch);
      const cells = Int32Array.from(at, (i) => taken[i] as number);
      policy.step(
        {
          ...batch,
          taken: cells,
          logProbs: logProbs(policy, batch, cells),
          advantages: ones,
          returns: Float32Array.from(at, (i) => returns[i] as number),
          weights: ones,
        },
        rates,
      );
    }
  }
}

function logProbs(policy: Policy, rows: PolicyRows, taken: Int32Array): Float32Array {
  const { cells } = policy.layout;
  const { logits } = policy.forward(rows);
  return Float32Array.from(taken, (cell, i) => logProbOf(logits, rows.masks, i * cells, cells, cell));
}
