import type { PolicyLayout } from "../../../agents/rl/layout.ts";
import type { Minibatch, StepRates } from "../../../agents/rl/policy.ts";
import type { Sizes, WeightName } from "../../../agents/rl/weights.ts";

export type Tables = Record<WeightName, Float64Array>;

const relu = (x: number): number => Math.max(0, x);

/** x · W + b, one output at a time. */
const layer = (x: readonly number[], w: Float64Array, width: number, b?: Float64Array): number[] =>
  Array.from({ length: width }, (_, j) =>
    x.reduce((sum, value, i) => sum + value * (w[i * width + j] as number), b?.[j] ?? 0),
  );

/** PPO's loss in plain loops and double precision, to judge the real one by. */
export function referenceLoss(
  layout: PolicyLayout,
  { hidden, shared }: Sizes,
  w: Tables,
  batch: Minibatch,
  rates: StepRates,
): number {
  const { rowWidth, keys, relations, cells } = layout;
  let [policyLoss, valueLoss, entropy, whole] = [0, 0, 0, 0];
  for (let row = 0; row < batch.count; row += 1) {
    const x = [...batch.observations.subarray(row * rowWidth, (row + 1) * rowWidth)];
    const h1 = layer(x, w.body1, hidden[0], w.bias1).map(relu);
    const h2 = layer(h1, w.body2, hidden[1], w.bias2).map(relu);
    const [value = 0] = layer(h2, w.value, 1, w.valueBias);
    const logits = layer(h2, w.cells, cells, w.cellBias);
    const context = layer(h2, w.keyContext, shared);
    for (let key = 0; key < keys; key += 1) {
      const seen = [...batch.keys.subarray(3 * (row * keys + key), 3 * (row * keys + key + 1))];
      const own = layer(seen, w.keyIn, shared).map((y, j) =>
        relu(y + (context[j] as number) + (w.keyOwn[key * shared + j] as number)),
      );
      layer(own, w.keyOut, relations).forEach(
        (y, r) => (logits[key * relations + r] = (logits[key * relations + r] as number) + y),
      );
    }
    const allowed = [...Array(cells).keys()].filter((cell) => batch.masks[row * cells + cell] === 1);
    const sum = allowed.reduce((total, cell) => total + Math.exp(logits[cell] as number), 0);
    const logProb = (cell: number): number => (logits[cell] as number) - Math.log(sum);
    const ratio = Math.exp(logProb(batch.taken[row] as number) - (batch.logProbs[row] as number));
    const near = Math.min(Math.max(ratio, 1 - rates.clip), 1 + rates.clip);
    const advantage = batch.advantages[row] as number;
    const weight = batch.weights[row] as number;
    whole += weight;
    policyLoss -= weight * Math.min(ratio * advantage, near * advantage);
    valueLoss += weight * (value - (batch.returns[row] as number)) ** 2;
    entropy -= weight * allowed.reduce((total, cell) => total + Math.exp(logProb(cell)) * logProb(cell), 0);
  }
  return (policyLoss + 0.5 * rates.valueCoefficient * valueLoss - rates.entropyCoefficient * entropy) / whole;
}
