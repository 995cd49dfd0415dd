import { applySettings, defineFault, DrawnNumber, drawn, settings } from "./define.ts";

export const retry = defineFault({
  class: "retry",
  summary: "A retry count or budget is wrong.",
  params: {
    ...settings,
    /** Share of messages that no attempt can process. */
    poison_share: DrawnNumber.optional(),
  },
  apply: (state, { set, poison_share }) => {
    applySettings(state, set);
    if (poison_share !== undefined) state.queue.poisonShare = drawn(poison_share);
  },
});
