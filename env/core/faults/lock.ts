import { defineFault, DrawnNumber, applySettings, drawn, settings } from "./define.ts";

export const lock = defineFault({
  class: "lock",
  summary: "A lock is held.",
  params: {
    ...settings,
    /** The same session takes the lock again after this many ticks. */
    returns_every_ticks: DrawnNumber,
  },
  apply: (state, { set, returns_every_ticks }) => {
    applySettings(state, set);
    state.database.lockHeld = true;
    state.database.lockEveryTicks = drawn(returns_every_ticks);
  },
});
