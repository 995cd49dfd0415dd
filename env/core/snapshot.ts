import { blankState } from "./cold.ts";
import type { State } from "./state.ts";

type Plain = Record<string, unknown>;

/** A deep copy that shares nothing with the original. */
export function cloneState(source: State): State {
  const copy = blankState();
  copyInto(copy as unknown as Plain, source as unknown as Plain);
  return copy;
}

/** Copies plain data field by field; lists of a fixed length keep their own storage, others are made anew. */
function copyInto(target: Plain, source: Plain): void {
  for (const key in target) {
    const value = source[key];
    if (typeof value !== "object" || value === null) target[key] = value;
    else if (value instanceof Float32Array) (target[key] as Float32Array).set(value);
    else if (Array.isArray(value)) target[key] = copyList(target[key] as unknown[], value);
    else copyInto(target[key] as Plain, value as Plain);
  }
}

function copyList(own: unknown[], values: readonly unknown[]): unknown[] {
  if (own.length !== values.length || typeof values[0] === "object") return values.map(copyItem);
  for (let i = 0; i < own.length; i += 1) own[i] = values[i];
  return own;
}

const copyItem = (item: unknown): unknown =>
  typeof item === "object" && item !== null ? Object.assign({}, item) : item;

/** The state as plain JSON data. */
export const snapshotState = (state: State): unknown =>
  JSON.parse(JSON.stringify({ ...state, history: Array.from(state.history) }));

/** Rebuilds a state from `snapshotState`; nothing is shared with the snapshot. */
export function restoreState(snapshot: unknown): State {
  const plain = snapshot as Omit<State, "history"> & { history: number[] };
  return cloneState({ ...plain, history: Float32Array.from(plain.history) });
}
