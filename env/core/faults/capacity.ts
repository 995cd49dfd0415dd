import { z } from "zod";
import { applySettings, defineFault, DrawnNumber, drawn, Setting } from "./define.ts";

export const capacity = defineFault({
  class: "capacity",
  summary: "Too few workers, consumers or too little memory for the demand.",
  params: {
    set: z.array(Setting).optional(),
    /** The working set of the cache grew to this many megabytes. */
    working_set_mb: DrawnNumber.optional(),
    /** Raw megabytes per compressed megabyte. */
    compression_ratio: DrawnNumber.optional(),
    /** Megabytes that the processes of each web host need. */
    host_memory_mb: DrawnNumber.optional(),
  },
  apply: (state, { set = [], working_set_mb, compression_ratio, host_memory_mb }) => {
    applySettings(state, set);
    if (working_set_mb !== undefined) state.cache.workingSetMb = drawn(working_set_mb);
    if (compression_ratio !== undefined) state.cache.compressionRatio = drawn(compression_ratio);
    if (host_memory_mb !== undefined) state.web.memoryMb.fill(drawn(host_memory_mb));
  },
});
