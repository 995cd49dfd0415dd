import { defineAction, Service } from "./define.ts";

export const inspectMetrics = defineAction({
  type: "inspect_metrics",
  summary: "Read the metrics of a service: now, means over 5 and 30 minutes, and the same hour yesterday.",
  kind: "observe",
  ticks: 1,
  args: { service: Service },
});
