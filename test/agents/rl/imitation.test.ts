import { expect, test } from "vitest";
import { likeliestCell } from "../../../agents/rl/choose.ts";
import { imitate } from "../../../agents/rl/imitation.ts";
import { openPolicy } from "../../../agents/rl/policy.ts";
import { newRows, writeRow } from "../../../agents/rl/rows.ts";
import { sizesOf } from "../../../agents/rl/settings.ts";
import { initialWeights } from "../../../agents/rl/weights.ts";
import { banditLayout as layout, tinySettings } from "./fixtures.ts";

const COUNT = 64;
const SYMBOLS = 4;
const ALL_ARMS = 0x3f;

/** Every symbol in turn, and the arm after the one that pays. */
function demonstrations() {
  const rows = newRows(layout, COUNT);
  const returns = new Float32Array(COUNT);
  const taken = new Int32Array(COUNT);
  for (let row = 0; row < COUNT; row += 1) {
    const observations = new Float32Array(SYMBOLS);
    observations[row % SYMBOLS] = 1;
    writeRow(layout, rows, row, { observations, masks: Uint8Array.of(ALL_ARMS) }, { observation: 0, mask: 0 });
    taken[row] = layout.cellOf[(row + 1) % SYMBOLS] as number;
    returns[row] = (row % SYMBOLS) / SYMBOLS;
  }
  return { rows, taken, returns };
}

test("imitation makes what was shown the likeliest, and learns what it was worth", async () => {
  const settings = tinySettings({ minibatch: 16, imitationEpochs: 30 });
  const sizes = sizesOf(settings);
  const policy = await openPolicy(layout, {
    sizes,
    weights: initialWeights(layout, sizes, 1),
    moments: null,
    steps: 0,
  });
  const shown = demonstrations();
  const chosen = (): number[] => {
    const { logits } = policy.forward(shown.rows);
    return Array.from({ length: SYMBOLS }, (_, row) =>
      likeliestCell(logits, shown.rows.masks, row * layout.cells, layout.cells),
    );
  };
  const wanted = [...shown.taken.subarray(0, SYMBOLS)];
  expect(chosen()).not.toEqual(wanted);
  imitate(policy, shown, settings);
  expect(chosen()).toEqual(wanted);
  const { values } = policy.forward(shown.rows);
  for (let row = 0; row < SYMBOLS; row += 1) expect(values[row]).toBeCloseTo(row / SYMBOLS, 1);
});
