import { restartService as restart } from "../change.ts";
import { defineAction, Service } from "./define.ts";

export const restartService = defineAction({
  type: "restart_service",
  summary: "Restart the processes of a service; it is out for a moment, and configuration survives.",
  kind: "remediate",
  ticks: 4,
  args: { service: Service },
  apply: (state, { service }) => restart(state, service),
});
