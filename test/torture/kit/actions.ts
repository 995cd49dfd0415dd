import { sampleAction } from "../../../env/contract/sample.ts";
import type { Action } from "../../../env/core/actions/index.ts";
import { actionDef } from "../../../env/core/actions/index.ts";
import type { Rng } from "../../../env/core/rng.ts";

/** Shares of what a client does: the rest are sound actions that leave the incident open. */
const NONSENSE = 0.05;
const AS_TEXT = 0.1;
const CLOSING = 0.14;

/** What a client may do next: mostly sound, in either form, now and then nonsense or the end of the incident. */
export function anyAction(rng: Rng): unknown {
  const kind = rng();
  if (kind < NONSENSE) return { type: "nonsense", value: rng() };
  if (kind < AS_TEXT) return "check_status(cache)";
  return kind < CLOSING ? sampleAction(rng) : openAction(rng);
}

/** A sound action that does not close the incident. */
export function openAction(rng: Rng): Action {
  for (;;) {
    const action = sampleAction(rng);
    if (actionDef(action.type).kind !== "close") return action;
  }
}
