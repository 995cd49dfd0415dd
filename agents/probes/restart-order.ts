import type { ServiceName } from "../../env/contract/index.ts";

/** The order in which services are restarted: those where a restart costs least come first. */
export const RESTART_ORDER: readonly ServiceName[] = [
  "cache",
  "web_server",
  "message_queue",
  "database",
  "load_balancer",
];
