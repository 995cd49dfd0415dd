import { faultClasses } from "../core/faults/index.ts";
import type { FaultClass } from "../core/faults/index.ts";

/** What each fault of the closed list means, in the order people and models see them. How it bends the system stays hidden. */
export const faultMeanings = Object.fromEntries(faultClasses.map((def) => [def.class, def.summary])) as Readonly<
  Record<FaultClass, string>
>;
