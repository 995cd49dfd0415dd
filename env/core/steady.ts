import { coldState } from "./cold.ts";
import { cloneState } from "./snapshot.ts";
import type { State } from "./state.ts";
import { levelHistory } from "./telemetry/history.ts";
import { runTicks } from "./tick.ts";

/** Ticks after which the default system no longer moves. */
const SETTLING_TICKS = 400;
/** Ticks that carry the settled system to another load and configuration; one tick costs about a microsecond. */
export const WARM_UP_TICKS = 8;

/** The default system after it has settled. Computed once; callers get copies. */
const settled: State = (() => {
  const state = coldState();
  runTicks(state, SETTLING_TICKS);
  state.tick = 0;
  levelHistory(state);
  return state;
})();

/** A settled healthy system, to be given its own load, names and configuration and then warmed up. */
export const steadyState = (): State => cloneState(settled);

/** Carries the system to its own equilibrium, and makes the healthy columns of its metrics. */
export function warmUp(state: State): void {
  runTicks(state, WARM_UP_TICKS);
  levelHistory(state);
}
