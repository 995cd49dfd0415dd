import { applySettings, defineFault, DrawnNumber, drawn, settings } from "./define.ts";

export const timeout = defineFault({
  class: "timeout",
  summary: "A time limit or keep-alive is too short or too long.",
  params: {
    ...settings,
    /** Share of jobs that run for long. */
    heavy_share: DrawnNumber.optional(),
  },
  apply: (state, { set, heavy_share }) => {
    applySettings(state, set);
    if (heavy_share !== undefined) state.queue.heavyShare = drawn(heavy_share);
  },
});
