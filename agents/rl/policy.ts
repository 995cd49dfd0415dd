import { init, jit, lax, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import { KEY_FEATURE_COUNT } from "./layout.ts";
import type { PolicyLayout } from "./layout.ts";
import type { PolicyRows } from "./rows.ts";
import { shapesOf, sizeOf, WEIGHTS } from "./weights.ts";
import type { Shapes, Sizes, WeightName, Weights } from "./weights.ts";

/** What a policy consists of: its weights, and where its optimiser stands. */
export interface PolicyState {
  readonly sizes: Sizes;
  readonly weights: Weights;
  /** Running means of the gradient and of its square; null before the first step. */
  readonly moments: { readonly first: Weights; readonly second: Weights } | null;
  /** Steps of the optimiser so far. */
  readonly steps: number;
}

/** Rows, and what came of the actions taken there. */
export interface Minibatch extends PolicyRows {
  /** Cell of the action that was taken. */
  readonly taken: Int32Array;
  /** Its log probability then. */
  readonly logProbs: Float32Array;
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
  /** 0 for rows that count for nothing. */
  readonly weights: Float32Array;
}

/** How a step of the optimiser goes. */
export interface StepRates {
  readonly learningRate: number;
  /** How far the probability of an action may move before it moves no further, as a share. */
  readonly clip: number;
  readonly valueCoefficient: number;
  readonly entropyCoefficient: number;
  /** Longest gradient. */
  readonly maxNorm: number;
}

/** Means over the rows of a minibatch. */
export const LOSS_PARTS = ["loss", "policyLoss", "valueLoss", "entropy", "kl", "clipped"] as const;
export type LossParts = Readonly<Record<(typeof LOSS_PARTS)[number], number>>;

/** A policy with a value function. The same state and the same calls give the same bytes on one machine. */
export interface Policy {
  readonly layout: PolicyLayout;
  /** Logits of all cells, allowed or not, count × cells, and the value of each row. */
  readonly forward: (rows: PolicyRows) => { readonly logits: Float32Array; readonly values: Float32Array };
  /** Loss and its gradient, without a step. */
  readonly gradients: (batch: Minibatch, rates: StepRates) => { readonly loss: number; readonly gradients: Weights };
  readonly step: (batch: Minibatch, rates: StepRates) => LossParts;
  readonly state: () => PolicyState;
  readonly close: () => void;
}

/** Adam's decay rates and its guard against zero, as in Kingma and Ba (2015), but for the guard: as usual for PPO. */
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-5];
/** Added to the logit of a cell that is not allowed. */
const FORBIDDEN = -1e9;

type Tree = Record<WeightName, np.Array>;
type Inputs = Record<"observations" | "keys" | "masks", np.Array>;
type Targets = Record<"taken" | "logProbs" | "advantages" | "returns" | "weights", np.Array>;
/** learning rate, clip, value and entropy coefficients, longest gradient, and Adam's two corrections */
type Rates = np.Array;

let started: Promise<unknown> | null = null;

/** Makes a policy of its state. The first call starts the library. */
export async function openPolicy(layout: PolicyLayout, state: PolicyState): Promise<Policy> {
  started ??= init("wasm");
  await started;
  const shapes = shapesOf(layout, state.sizes);
  const network = networkOf(layout, state.sizes);
  let weights = toTree(state.weights, shapes);
  let first = toTree(state.moments?.first ?? zeros(shapes), shapes);
  let second = toTree(state.moments?.second ?? zeros(shapes), shapes);
  let { steps } = state;

  const forward = jit((tree: Tree, inputs: Inputs) => {
    inputs.masks.dispose();
    return network(tree, inputs.observations, inputs.keys);
  });
  const lossAndGradients = valueAndGrad(
    (tree: Tree, inputs: Inputs, targets: Targets, rates: Rates) => ppoLoss(network, tree, inputs, targets, rates),
    { hasAux: true },
  );
  const measured = jit((tree: Tree, inputs: Inputs, targets: Targets, rates: Rates) =>
    lossAndGradients(tree, inputs, targets, rates),
  );
  const stepped = jit((tree: Tree, mean: Tree, square: Tree, inputs: Inputs, targets: Targets, rates: Rates) => {
    const [[loss, aux], gradients] = lossAndGradients(refs(tree), inputs, targets, rates.ref);
    loss.dispose();
    return [...adam(tree, mean, square, gradients, rates), aux] as [Tree, Tree, Tree, np.Array];
  });

  const inputsOf = ({ count, observations, keys, masks }: PolicyRows): Inputs => ({
    observations: np.array(observations, { shape: [count, layout.rowWidth] }),
    keys: np.array(keys, { shape: [count * Math.max(1, layout.keys), KEY_FEATURE_COUNT] }),
    masks: np.array(masks, { shape: [count, layout.cells] }),
  });
  return {
    layout,
    forward: (rows) => {
      const [logits, values] = forward(refs(weights), inputsOf(rows));
      return { logits: floats(logits), values: floats(values) };
    },
    gradients: (batch, rates) => {
      const [[loss, aux], gradients] = measured(refs(weights), inputsOf(batch), targetsOf(batch), ratesOf(rates, 1));
      aux.dispose();
      return { loss: floats(loss)[0] as number, gradients: fromTree(gradients) };
    },
    step: (batch, rates) => {
      steps += 1;
      const [tree, mean, square, parts] = stepped(
        weights,
        first,
        second,
        inputsOf(batch),
        targetsOf(batch),
        ratesOf(rates, steps),
      );
      [weights, first, second] = [tree, mean, square];
      const values = floats(parts);
      return Object.fromEntries(LOSS_PARTS.map((name, i) => [name, values[i]])) as unknown as LossParts;
    },
    state: () => ({
      sizes: state.sizes,
      weights: fromTree(refs(weights)),
      moments: steps === 0 ? null : { first: fromTree(refs(first)), second: fromTree(refs(second)) },
      steps,
    }),
    close: () => [weights, first, second].forEach((tree) => Object.values(tree).forEach((one) => one.dispose())),
  };
}

type Network = (tree: Tree, observations: np.Array, keys: np.Array) => [logits: np.Array, values: np.Array];

/** Two layers read the observation; each key adds what was seen of it, by weights that all keys share. */
function networkOf({ keys, relations, cells }: PolicyLayout, { shared }: Sizes): Network {
  return (w, observations, seen) => {
    const count = observations.shape[0] as number;
    const h1 = nn.relu(np.matmul(observations, w.body1).add(w.bias1));
    const h2 = nn.relu(np.matmul(h1, w.body2).add(w.bias2));
    const values = np.matmul(h2.ref, w.value).add(w.valueBias).reshape([count]);
    const flat = np.matmul(h2.ref, w.cells).add(w.cellBias);
    if (keys === 0) {
      for (const unused of [h2, seen, w.keyIn, w.keyContext, w.keyOwn, w.keyOut]) unused.dispose();
      return [flat, values];
    }
    const context = np.matmul(h2, w.keyContext).reshape([count, 1, shared]);
    const own = w.keyOwn.reshape([1, keys, shared]);
    const hidden = nn.relu(np.matmul(seen, w.keyIn).reshape([count, keys, shared]).add(context).add(own));
    const grid = np.matmul(hidden.reshape([count * keys, shared]), w.keyOut).reshape([count, keys * relations]);
    return [flat.add(np.concatenate([grid, np.zeros([count, cells - keys * relations])], 1)), values];
  };
}

/** PPO's clipped loss with value loss and entropy bonus. Source: Schulman et al. (2017), equations 7 and 9. */
function ppoLoss(network: Network, tree: Tree, inputs: Inputs, targets: Targets, rates: Rates): [np.Array, np.Array] {
  const [logits, values] = network(tree, inputs.observations, inputs.keys);
  const cells = logits.shape[1] as number;
  const allowed = logits.add(inputs.masks.sub(1).mul(-FORBIDDEN));
  const mean = meanOver(targets.weights);
  const highest = lax.stopGradient(np.max(allowed.ref, 1).reshape([-1, 1]));
  const distance = allowed.sub(highest);
  const parts = np.exp(distance.ref);
  const whole = parts.ref.sum(1);
  const logWhole = np.log(whole.ref);
  const taken = distance.ref.mul(nn.oneHot(targets.taken, cells)).sum(1).sub(logWhole.ref);
  const entropy = mean(logWhole.sub(parts.mul(distance).sum(1).div(whole)));
  const change = taken.sub(targets.logProbs);
  const ratio = np.exp(change.ref);
  const [clip, valueCoefficient, entropyCoefficient] = [1, 2, 3].map((i) => rates.ref.slice(i)) as [
    np.Array,
    np.Array,
    np.Array,
  ];
  rates.dispose();
  const near = np.minimum(np.maximum(ratio.ref, np.subtract(1, clip.ref)), np.add(1, clip.ref));
  const policyLoss = mean(np.minimum(ratio.ref.mul(targets.advantages.ref), near.mul(targets.advantages)).neg());
  const valueLoss = mean(np.square(values.sub(targets.returns)));
  const clipped = mean(np.greater(np.abs(ratio.ref.sub(1)), clip).astype(np.float32));
  const kl = mean(ratio.sub(1).sub(change));
  targets.weights.dispose();
  const loss = policyLoss.ref
    .add(valueLoss.ref.mul(valueCoefficient).mul(0.5))
    .sub(entropy.ref.mul(entropyCoefficient));
  return [loss.ref, np.stack([loss, policyLoss, valueLoss, entropy, kl, clipped])];
}

const meanOver =
  (weights: np.Array) =>
  (values: np.Array): np.Array =>
    values.mul(weights.ref).sum().div(weights.ref.sum());

/** One step of Adam along a gradient that is shortened where it is too long. */
function adam(tree: Tree, mean: Tree, square: Tree, gradients: Tree, rates: Rates): [Tree, Tree, Tree] {
  const rate = (i: number): np.Array => rates.ref.slice(i);
  const norm = np.sqrt(WEIGHTS.map((name) => np.square(gradients[name].ref).sum()).reduce((a, b) => a.add(b)));
  const scale = np.minimum(1, rate(4).div(norm.add(1e-6)));
  const [weights, means, squares] = [{}, {}, {}] as [Tree, Tree, Tree];
  for (const name of WEIGHTS) {
    const gradient = gradients[name].mul(scale.ref);
    means[name] = mean[name].mul(BETA1).add(gradient.ref.mul(1 - BETA1));
    squares[name] = square[name].mul(BETA2).add(np.square(gradient).mul(1 - BETA2));
    const root = np.sqrt(squares[name].ref.mul(rate(6))).add(EPSILON);
    weights[name] = tree[name].sub(means[name].ref.mul(rate(5)).mul(rate(0)).div(root));
  }
  scale.dispose();
  rates.dispose();
  return [weights, means, squares];
}

const ratesOf = (rates: StepRates, steps: number): Rates =>
  np.array(
    Float32Array.of(
      rates.learningRate,
      rates.clip,
      rates.valueCoefficient,
      rates.entropyCoefficient,
      rates.maxNorm,
      1 / (1 - Math.pow(BETA1, steps)),
      1 / (1 - Math.pow(BETA2, steps)),
    ),
  );

const targetsOf = ({ taken, logProbs, advantages, returns, weights }: Minibatch): Targets => ({
  taken: np.array(taken, { dtype: np.int32 }),
  logProbs: np.array(logProbs),
  advantages: np.array(advantages),
  returns: np.array(returns),
  weights: np.array(weights),
});

const floats = (array: np.Array): Float32Array => Float32Array.from(array.dataSync() as Float32Array);

const mapNames = <T>(make: (name: WeightName) => T): Record<WeightName, T> =>
  Object.fromEntries(WEIGHTS.map((name) => [name, make(name)])) as Record<WeightName, T>;

const refs = (tree: Tree): Tree => mapNames((name) => tree[name].ref);
const zeros = (shapes: Shapes): Weights => mapNames((name) => new Float32Array(sizeOf(shapes[name])));
const toTree = (weights: Weights, shapes: Shapes): Tree =>
  mapNames((name) => np.array(weights[name], { shape: [...shapes[name]] }));
const fromTree = (tree: Tree): Weights => mapNames((name) => floats(tree[name]));
