import { defineAction, Service } from "./define.ts";

export const inspectLogs = defineAction({
  type: "inspect_logs",
  summary: "Read the newest log lines of a service.",
  kind: "observe",
  ticks: 1,
  args: { service: Service },
});
