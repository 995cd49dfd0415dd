import { defineFault, DrawnNumber, drawn } from "./define.ts";

export const degradedHost = defineFault({
  class: "degraded_host",
  summary: "A host is up but slow.",
  params: {
    /** How many times slower the unlucky host works. */
    slow_factor: DrawnNumber,
  },
  apply: (state, { slow_factor }) => {
    state.web.slowFactor[state.edge.pinnedHost] = drawn(slow_factor);
  },
});
