import { coreSuite } from "../../tasks/index.ts";
import { faultSettings } from "../../env/core/settings.ts";

/** A page may give this much more away than what it shows on purpose, as a share of answers. */
export const PAGE_MARGIN = 0.05;
/** What configuration may give away to one who never met the incident. */
export const CONFIG_BOUND = 0.35;

/** Share of incidents whose cause is a key in a wrong position, which who knows it by heart may find there. */
export const settingsShare = (): number =>
  coreSuite.tasks.reduce(
    (sum, { siblings }) =>
      sum + siblings.filter((sibling) => faultSettings(sibling).length > 0).length / siblings.length,
    0,
  ) / coreSuite.tasks.length;
