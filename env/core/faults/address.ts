import { z } from "zod";
import { applySettings, defineFault, Setting } from "./define.ts";

export const address = defineFault({
  class: "address",
  summary: "A name or address is wrong or stale.",
  params: {
    set: z.array(Setting).optional(),
    /** A failover moved the primary, and the web tier still talks to its old address. */
    failover: z.literal(true).optional(),
  },
  apply: (state, { set = [], failover }) => {
    applySettings(state, set);
    if (failover === undefined) return;
    state.web.staleAddress = true;
    state.database.failoverTicks = 0;
  },
});
