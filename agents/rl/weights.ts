import { rngFor } from "../../env/contract/index.ts";
import type { Rng } from "../../env/contract/index.ts";
import { KEY_FEATURE_COUNT } from "./layout.ts";
import type { PolicyLayout } from "./layout.ts";

/** Units of the hidden layers: two of the body, and the one that is shared by all keys. */
export interface Sizes {
  readonly hidden: readonly [first: number, second: number];
  readonly shared: number;
}

/** The weights of a policy, in the order in which they are kept. */
export const WEIGHTS = [
  "body1",
  "bias1",
  "body2",
  "bias2",
  "cells",
  "cellBias",
  "keyIn",
  "keyContext",
  "keyOwn",
  "keyOut",
  "value",
  "valueBias",
] as const;
export type WeightName = (typeof WEIGHTS)[number];

export type Shapes = Readonly<Record<WeightName, readonly number[]>>;
export type Weights = Readonly<Record<WeightName, Float32Array>>;

export function shapesOf({ rowWidth, keys, relations, cells }: PolicyLayout, { hidden, shared }: Sizes): Shapes {
  const [first, second] = hidden;
  return {
    body1: [rowWidth, first],
    bias1: [first],
    body2: [first, second],
    bias2: [second],
    cells: [second, cells],
    cellBias: [cells],
    keyIn: [KEY_FEATURE_COUNT, shared],
    keyContext: [second, shared],
    keyOwn: [Math.max(1, keys), shared], // the library knows no empty arrays
    keyOut: [shared, Math.max(1, relations)],
    value: [second, 1],
    valueBias: [1],
  };
}

/** Standard deviation of what a layer starts with; absent: zero. An observation has few features that are not zero. */
const SPREAD: Partial<Record<WeightName, (fanIn: number) => number>> = {
  body1: (fanIn) => 3 * Math.sqrt(2 / fanIn),
  body2: (fanIn) => Math.sqrt(2 / fanIn),
  keyIn: () => 1,
  keyContext: (fanIn) => Math.sqrt(1 / fanIn),
  keyOwn: () => 0.5,
  keyOut: (fanIn) => 0.1 / Math.sqrt(fanIn),
  cells: (fanIn) => 0.01 / Math.sqrt(fanIn),
};

/** How likely each type of action is at first, as weights; others have 1. Closing early teaches little. */
const FIRST_SHARES: Readonly<Record<string, number>> = { update_config: 2, resolve_incident: 0.5, escalate: 0.1 };

/** Weights to start from: every type of action has its share, however many actions it has. */
export function initialWeights(layout: PolicyLayout, sizes: Sizes, seed: number): Weights {
  const shapes = shapesOf(layout, sizes);
  const weights = Object.fromEntries(
    WEIGHTS.map((name) => [name, gaussian(shapes[name], SPREAD[name], rngFor(seed, `weights-${name}`, 0))]),
  ) as Record<WeightName, Float32Array>;
  weights.cellBias.set(
    layout.typeOf.map((type) => {
      const alike = layout.typeOf.filter((other) => other === type).length;
      return type === "" ? 0 : Math.log((FIRST_SHARES[type] ?? 1) / alike);
    }),
  );
  return weights;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

function gaussian(shape: readonly number[], spread: ((fanIn: number) => number) | undefined, rng: Rng): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  if (spread === undefined) return values;
  const deviation = spread(shape[0] as number);
  return values.map(() => deviation * normal(rng));
}

/** A standard normal draw by Box and Muller (1958). */
const normal = (rng: Rng): number => Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
