import { KEY_FEATURE_COUNT } from "./layout.ts";
import type { PolicyLayout } from "./layout.ts";

/** What a policy reads: `count` observations, row by row. */
export interface PolicyRows {
  readonly count: number;
  /** count × rowWidth */
  readonly observations: Float32Array;
  /** What was seen of each key: (count · keys) × 3; one unused key where there is none. */
  readonly keys: Float32Array;
  /** 1 where a cell is allowed, else 0: count × cells. */
  readonly masks: Float32Array;
}

/** A stretch of rows; no copy. */
export function rowsBetween(rows: PolicyRows, from: number, to: number): PolicyRows {
  const cut = (block: Float32Array): Float32Array => {
    const width = block.length / rows.count;
    return block.subarray(from * width, to * width);
  };
  return { count: to - from, observations: cut(rows.observations), keys: cut(rows.keys), masks: cut(rows.masks) };
}

/** Copies the rows at `indices` to the front of `target`. */
export function gatherRows(rows: PolicyRows, indices: ArrayLike<number>, target: PolicyRows): void {
  for (const block of ["observations", "keys", "masks"] as const) {
    const width = rows[block].length / rows.count;
    for (let i = 0; i < indices.length; i += 1) {
      const from = (indices[i] as number) * width;
      target[block].set(rows[block].subarray(from, from + width), i * width);
    }
  }
}

export const newRows = (layout: PolicyLayout, count: number): PolicyRows => ({
  count,
  observations: new Float32Array(count * layout.rowWidth),
  keys: new Float32Array(count * Math.max(1, layout.keys) * KEY_FEATURE_COUNT),
  masks: new Float32Array(count * layout.cells),
});

/**
 * Writes one row.
 * @param observation array that holds the observation from `observationAt` on
 * @param mask array that holds the mask's bytes from `maskAt` on; action a is allowed if bit (a mod 8) of byte floor(a / 8) is set
 */
export function writeRow(
  layout: PolicyLayout,
  rows: PolicyRows,
  row: number,
  source: { readonly observations: Float32Array; readonly masks: Uint8Array },
  from: { readonly observation: number; readonly mask: number },
): void {
  const { obsDim, rowWidth, cells, cellOf, keyFeatures } = layout;
  const observation = source.observations.subarray(from.observation, from.observation + obsDim);
  rows.observations.set(observation, row * rowWidth);
  const keysAt = row * keyFeatures.length;
  for (let i = 0; i < keyFeatures.length; i += 1) {
    const feature = keyFeatures[i] as number;
    rows.keys[keysAt + i] = feature < 0 ? 0 : (observation[feature] as number);
  }
  const masksAt = row * cells;
  rows.masks.fill(0, masksAt, masksAt + cells);
  for (let action = 0; action < cellOf.length; action += 1) {
    const byte = source.masks[from.mask + (action >> 3)] as number;
    if ((byte >> (action & 7)) & 1) rows.masks[masksAt + (cellOf[action] as number)] = 1;
  }
}
