import type { Instance } from "../initial.ts";
import type { State } from "../state.ts";
import { TICK_SECONDS } from "../time.ts";

/** Simulated seconds since the page. */
export const elapsedSeconds = (instance: Instance, state: State): number =>
  (state.tick - instance.pageTick) * TICK_SECONDS;
