import { z } from "zod";
import { FAULTS } from "../faults/index.ts";
import { SERVICES } from "../topology.ts";
import { defineAction, Text } from "./define.ts";

/** Where a cause can lie: one of the five services, outside of them, or nowhere. */
export const CAUSE_SERVICES = [...SERVICES, "external", "none"] as const;
export type CauseService = (typeof CAUSE_SERVICES)[number];

/** Ticks that pass after an episode closes, before it is judged. */
export const SETTLE_TICKS = 12;

export const resolveIncident = defineAction({
  type: "resolve_incident",
  summary: "Close the incident with a diagnosis: the service where the cause lies, and the kind of fault.",
  kind: "close",
  ticks: SETTLE_TICKS,
  args: {
    service: z.enum(CAUSE_SERVICES).describe("Where the cause lies; external: outside the five; none: nowhere."),
    fault: z.enum(FAULTS).describe("The kind of fault, from the closed list."),
    summary: Text.optional().describe("Free text for the record."),
  },
});
