import { defineFault, DrawnNumber, applySettings, drawn, settings } from "./define.ts";

export const maintenance = defineFault({
  class: "maintenance",
  summary: "Background upkeep is off.",
  params: {
    ...settings,
    /** Share of dead rows at the onset, and its growth per hour. */
    bloat: DrawnNumber,
    bloat_per_hour: DrawnNumber,
  },
  apply: (state, { set, bloat, bloat_per_hour }) => {
    applySettings(state, set);
    state.database.bloat = drawn(bloat);
    state.database.bloatPerHour = drawn(bloat_per_hour);
  },
});
