import { expect, test } from "vitest";
import { openPolicy } from "../../../agents/rl/policy.ts";
import { withFaultsReopened } from "../../../agents/rl/reopen.ts";
import { newRows } from "../../../agents/rl/rows.ts";
import { sizesOf } from "../../../agents/rl/settings.ts";
import { layout } from "../../../agents/rl/sight.ts";
import { initialWeights } from "../../../agents/rl/weights.ts";
import { makeVectorEnv } from "../../../env/vector/index.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { tinySettings } from "./fixtures.ts";

const settings = tinySettings({ horizon: 8 });
const sizes = sizesOf(settings);
const CLOSING = layout.faultsOf.findIndex((group) => group.length > 0);
const group = layout.faultsOf[CLOSING] as readonly number[];

test("reopening makes the faults of a service equally likely, and leaves the service and all else as they were", async () => {
  const weights = initialWeights(layout, sizes, 1);
  const usual = group[3] as number;
  weights.cellBias[usual] = 9; // nearly certain
  const env = makeVectorEnv({ suite: coreSuite, numEnvs: 4 });
  const before = await openPolicy(layout, { sizes, weights, moments: null, steps: 0 });
  const reopened = withFaultsReopened(before, env, settings);
  const after = await openPolicy(layout, { sizes, weights: reopened, moments: null, steps: 0 });
  const rows = newRows(layout, 1);
  rows.observations.fill(0.5, 0, 40);
  const [one, other] = [before.forward(rows).logits, after.forward(rows).logits];
  const together = group.reduce((sum, cell) => sum + Math.exp(other[cell] as number), 0);
  expect(Math.log(together)).toBeCloseTo(one[usual] as number, 3);
  for (const cell of group) expect(other[cell]).toBeCloseTo(other[usual] as number, 5);
  const rest = [...other.keys()].filter((cell) => layout.faultsOf[cell]?.length === 0);
  expect(rest.map((cell) => other[cell])).toEqual(rest.map((cell) => one[cell]));
  env.close();
});
