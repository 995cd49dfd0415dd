import type { Rng } from "../../../env/core/rng.ts";
import { ACTIONS } from "../../../env/vector/actions/table.ts";

/** Share of draws that may close the episode: most episodes should get somewhere. */
const CLOSING = 0.04;

const closing = ACTIONS.filter(({ kind }) => kind === "close").map(({ index }) => index);
/** Half of the draws look, half change: looks are few in the table and make everything else possible. */
const looking = ACTIONS.filter(({ kind }) => kind === "observe").map(({ index }) => index);
const changing = ACTIONS.filter(({ kind }) => kind === "remediate").map(({ index }) => index);

/** Whether a mask that begins at `offset` allows an action. */
export const allows = (masks: Uint8Array, offset: number, action: number): boolean =>
  (((masks[offset + (action >> 3)] as number) >> (action & 7)) & 1) === 1;

/** A random index, allowed or not. */
export function anyAction(rng: Rng): number {
  const among = rng() < CLOSING ? closing : rng() < 0.6 ? looking : changing;
  return among[Math.floor(rng() * among.length)] as number;
}

/** A random index that the mask allows. */
export function allowedAction(rng: Rng, masks: Uint8Array, offset: number): number {
  for (;;) {
    const action = anyAction(rng);
    if (allows(masks, offset, action)) return action;
  }
}
