import { z } from "zod";
import { applySettings, defineFault, Setting } from "./define.ts";

export const cold = defineFault({
  class: "cold",
  summary: "A cache lost its content and cannot refill.",
  params: { set: z.array(Setting).optional() },
  apply: (state, { set = [] }) => {
    applySettings(state, set);
    state.cache.warmth = 0;
    state.cache.uptimeTicks = 0;
  },
});
