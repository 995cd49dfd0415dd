import { defineAction, Service } from "./define.ts";

export const checkStatus = defineAction({
  type: "check_status",
  summary: "Ask a service's own process how it is: state, uptime, version, address, pings to its dependencies.",
  kind: "observe",
  ticks: 1,
  args: { service: Service },
});
