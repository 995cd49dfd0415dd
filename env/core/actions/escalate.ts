import { defineAction, Text } from "./define.ts";
import { SETTLE_TICKS } from "./resolve-incident.ts";

export const escalate = defineAction({
  type: "escalate",
  summary: "Hand the incident over to someone outside, naming whom and why.",
  kind: "close",
  ticks: SETTLE_TICKS,
  args: { reason: Text.min(1).describe("Why, and to whom.") },
});
