import type { ShownValues } from "./references.ts";
import { ACTIONS } from "./table.ts";
import type { TableAction } from "./table.ts";

/** Bytes of one environment's mask; action a is bit (a mod 8) of byte floor(a / 8). */
export const MASK_BYTES = Math.ceil(ACTIONS.length / 8);

/** Actions that refer to what was shown. */
const openActions = ACTIONS.flatMap(({ index, kind, open }) =>
  open === null ? [] : [{ index, kind, from: open.from }],
);

const maskOf = (allowed: (action: TableAction) => boolean): Uint8Array => {
  const mask = new Uint8Array(MASK_BYTES);
  for (const action of ACTIONS) if (allowed(action)) allow(mask, action.index);
  return mask;
};

const WITH_CHANGES = maskOf(({ open }) => open === null);
const WITHOUT_CHANGES = maskOf(({ open, kind }) => open === null && kind !== "remediate");

function allow(mask: Uint8Array, action: number): void {
  const at = action >> 3;
  mask[at] = (mask[at] as number) | (1 << (action & 7));
}

/** A finished episode: everything is allowed, because an empty mask breaks samplers. */
export const FULL_MASK: Uint8Array = maskOf(() => true);

/**
 * Leaves out exactly what would be invalid now: changes beyond the limit, and what refers to something that was not
 * shown. Knows no more than the agent does.
 */
export class Mask {
  readonly #withChanges = WITH_CHANGES.slice();
  readonly #withoutChanges = WITHOUT_CHANGES.slice();
  #version = -1;

  /** The mask as it is now; stays valid until the next call. */
  bytes(shown: ShownValues, changesLeft: number): Uint8Array {
    if (shown.version !== this.#version) this.#derive(shown);
    return changesLeft > 0 ? this.#withChanges : this.#withoutChanges;
  }

  #derive(shown: ShownValues): void {
    this.#version = shown.version;
    this.#withChanges.set(WITH_CHANGES);
    this.#withoutChanges.set(WITHOUT_CHANGES);
    for (const { index, kind, from } of openActions) {
      if (shown.read(from) === undefined) continue;
      allow(this.#withChanges, index);
      if (kind !== "remediate") allow(this.#withoutChanges, index);
    }
  }
}
