import { z } from "zod";
import { applySettings, defineFault, DrawnNumber, drawn, Setting } from "./define.ts";

export const disk = defineFault({
  class: "disk",
  summary: "A disk is full or filling.",
  params: {
    set: z.array(Setting).optional(),
    /** Gigabytes used at the onset. */
    used_gb: DrawnNumber,
    /** Growth of the log that an inactive replication slot retains, in GB/h. */
    wal_growth_gb_per_h: DrawnNumber.optional(),
  },
  apply: (state, { set = [], used_gb, wal_growth_gb_per_h }) => {
    applySettings(state, set);
    const { database } = state;
    if (wal_growth_gb_per_h === undefined) {
      database.diskBaseGb = drawn(used_gb);
    } else {
      database.walLeakGbPerHour = drawn(wal_growth_gb_per_h);
      database.walRetainedGb = drawn(used_gb) - database.diskBaseGb;
    }
    database.diskGb = drawn(used_gb);
  },
});
