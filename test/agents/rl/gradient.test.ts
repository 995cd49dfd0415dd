import { expect, test } from "vitest";
import { rngFor } from "../../../env/contract/index.ts";
import { layoutOf } from "../../../agents/rl/layout.ts";
import { openPolicy } from "../../../agents/rl/policy.ts";
import type { Minibatch, StepRates } from "../../../agents/rl/policy.ts";
import { newRows } from "../../../agents/rl/rows.ts";
import { initialWeights, WEIGHTS } from "../../../agents/rl/weights.ts";
import type { WeightName } from "../../../agents/rl/weights.ts";
import { referenceLoss } from "./reference-loss.ts";
import type { Tables } from "./reference-loss.ts";

const layout = layoutOf({
  actions: [
    { index: 0, text: "", action: { type: "look" } },
    { index: 1, text: "", action: { type: "inspect_config", service: "cache", key: "ttl_s" } },
    { index: 2, text: "", action: { type: "update_config", service: "cache", key: "ttl_s", value: 3 } },
    { index: 3, text: "", action: { type: "update_config", service: "cache", key: "size", value: 4 } },
    { index: 4, text: "", action: { type: "close" } },
  ],
  features: ["config.cache.ttl_s.deviation", "config.cache.ttl_s.revision", "config.cache.ttl_s.set", "red"].map(
    (name, index) => ({ index, name, low: -1, high: 1 }),
  ),
});
const sizes = { hidden: [5, 4], shared: 3 } as const;
const COUNT = 8;
const rates: StepRates = { learningRate: 0.01, clip: 0.2, valueCoefficient: 0.7, entropyCoefficient: 0.05, maxNorm: 1 };

const rng = rngFor(5, "gradient", 0);
const uniform = (size: number, low: number, high: number) =>
  Float32Array.from({ length: size }, () => low + (high - low) * rng());

function batch(): Minibatch {
  const rows = newRows(layout, COUNT);
  rows.observations.set(uniform(rows.observations.length, -1, 1));
  rows.keys.set(uniform(rows.keys.length, -1, 1));
  const allowed = [...layout.cellOf];
  for (let row = 0; row < COUNT; row += 1) {
    for (const cell of allowed.slice(row % 2)) rows.masks[row * layout.cells + cell] = 1;
  }
  return {
    ...rows,
    taken: Int32Array.from({ length: COUNT }, (_, row) => allowed[1 + (row % 4)] as number),
    logProbs: uniform(COUNT, -2, -1),
    advantages: uniform(COUNT, -1, 1),
    returns: uniform(COUNT, 0, 1),
    weights: Float32Array.from({ length: COUNT }, (_, row) => (row === 3 ? 0 : 1)),
  };
}

test("the gradient of the loss is that of finite differences of an independent double-precision loss", async () => {
  const data = batch();
  const start = initialWeights(layout, sizes, 2);
  const weights = Object.fromEntries(
    WEIGHTS.map((name) => [name, start[name].map((value) => value + 0.3 * (rng() - 0.5))]),
  ) as Record<WeightName, Float32Array>;
  const policy = await openPolicy(layout, { sizes, weights, moments: null, steps: 0 });
  const { loss, gradients } = policy.gradients(data, rates);
  const tables = Object.fromEntries(WEIGHTS.map((name) => [name, Float64Array.from(weights[name])])) as Tables;
  expect(loss).toBeCloseTo(referenceLoss(layout, sizes, tables, data, rates), 5);
  let largest = 0;
  for (const name of WEIGHTS) {
    for (let i = 0; i < tables[name].length; i += 1) {
      const held = tables[name][i] as number;
      const at = (value: number): number => {
        tables[name][i] = value;
        return referenceLoss(layout, sizes, tables, data, rates);
      };
      const slope = (at(held + 1e-6) - at(held - 1e-6)) / 2e-6;
      tables[name][i] = held;
      largest = Math.max(largest, Math.abs(slope));
      expect(Math.abs(slope - (gradients[name][i] as number)), `${name}[${i}]`).toBeLessThan(2e-5);
    }
  }
  expect(largest).toBeGreaterThan(0.05);
});

test("forward gives the logits and values of each row alone, however many stand side by side", async () => {
  const data = batch();
  const policy = await openPolicy(layout, {
    sizes,
    weights: initialWeights(layout, sizes, 2),
    moments: null,
    steps: 0,
  });
  const all = policy.forward(data);
  const alone = newRows(layout, 1);
  alone.observations.set(data.observations.subarray(0, layout.rowWidth));
  alone.keys.set(data.keys.subarray(0, 3 * layout.keys));
  const one = policy.forward(alone);
  expect(one.values[0]).toBeCloseTo(all.values[0] as number, 5);
  for (let i = 0; i < layout.cells; i += 1) expect(one.logits[i]).toBeCloseTo(all.logits[i] as number, 5);
});
