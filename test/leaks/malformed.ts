import { SERVICES } from "../../env/core/topology.ts";
import { oddValues } from "../env/core/arbitraries.ts";

const WRONG_TEXT = [
  "",
  "cache",
  "inspect_logs",
  "inspect_logs()",
  "inspect_logs(cach)",
  "inspect_logs(cache, web_server)",
];
const WRONG_CHANGES = [
  "restart_service(all)",
  "update_config(cache)",
  "update_config(cache, ttl_s, soon)",
  "{}",
  "null",
];

/** Things that are no action, some of them nearly: at least fifty, and none of them closes an episode. */
export const malformed: readonly unknown[] = [
  ...oddValues,
  ...WRONG_TEXT,
  ...WRONG_CHANGES,
  ...oddValues.map((value) => ({ type: "update_config", service: "cache", key: "ttl_s", value })),
  ...oddValues.map((service) => ({ type: "restart_service", service })),
  ...SERVICES.flatMap((service) => [
    { type: "update_config", service, key: "root_cause", value: 1 },
    { type: "inspect_config", service, key: "evidence" },
    { type: "inspect_logs", service, line: "all" },
    { type: "explain", service },
  ]),
  { type: "update_config", service: "load_balancer", key: "tls_cert_id", value: "edge-zzzz" },
  { type: "update_config", service: "web_server", key: "app_version", value: "r1" },
  { type: "update_config", service: "web_server", key: "payment_provider", value: "other" },
  { type: "resolve_incident", service: "cache", fault: "gremlins" },
  { type: "escalate" },
];
