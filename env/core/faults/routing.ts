import { defineFault, DrawnNumber, drawn, applySettings, settings } from "./define.ts";

export const routing = defineFault({
  class: "routing",
  summary: "Traffic, reads or partitions go the wrong way.",
  params: {
    ...settings,
    /** Share of messages that one region's partition gets. */
    hot_partition: DrawnNumber.optional(),
  },
  apply: (state, { set, hot_partition }) => {
    applySettings(state, set);
    if (hot_partition !== undefined) state.queue.hotShare = drawn(hot_partition);
  },
});
