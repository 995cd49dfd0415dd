import { z } from "zod";
import { applySettings, defineFault, DrawnNumber, drawn, Setting } from "./define.ts";

export const noisy = defineFault({
  class: "noisy",
  summary: "Another tenant or job crowds out the rest.",
  params: {
    set: z.array(Setting).optional(),
    /** Messages per second that the batch tenant publishes now. */
    batch_rps: DrawnNumber.optional(),
    /** Replica lag already built up, in seconds. */
    lag_s: DrawnNumber.optional(),
  },
  apply: (state, { set = [], batch_rps, lag_s }) => {
    applySettings(state, set);
    if (batch_rps !== undefined) state.queue.batchRate = drawn(batch_rps);
    if (lag_s !== undefined) state.database.lagSeconds = drawn(lag_s);
  },
});
