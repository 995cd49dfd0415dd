import { fell, pinned, rose } from "../metric-table.ts";
import type { Notebook } from "../notebook.ts";
import { renewCertificate } from "../renew-certificate.ts";
import type { Rule } from "../rule.ts";
import { logs, metrics } from "../steps.ts";
import { suspect } from "../suspect.ts";

const edge = "load_balancer";

const shedding = (seen: Notebook) => seen.row(edge, "rate_limited_rps").now > 1;
const outOfConnections = (seen: Notebook) =>
  seen.row(edge, "rejected_connections_per_s").now > 1 && !pinned(seen.row("web_server", "worker_busy_ratio"));
const hostsMissing = (seen: Notebook) =>
  fell(seen.row(edge, "healthy_hosts"), 1.1) || seen.perHost(edge, "ejections").some(({ now }) => now > 0);

/** Requests that die at the edge: certificate, limiter, connections, health probes. */
export const edgeRules: readonly Rule[] = [
  renewCertificate(edge, (seen) => seen.row(edge, "tls_failures_per_s").now > 1),
  suspect({
    name: "the limiter turns requests away",
    when: shedding,
    service: edge,
    key: "rate_limit_rps",
    moved: "either",
    odd: (value) => value !== 0,
    fault: "limit",
    look: [logs(edge)],
    otherwise: () => 0,
  }),
  suspect({
    name: "idle clients hold the connections",
    when: outOfConnections,
    service: edge,
    key: "keepalive_s",
    moved: "up",
    odd: (value) => Number(value) > 30,
    fault: "timeout",
    look: [logs(edge)],
  }),
  suspect({
    name: "too few client connections allowed",
    when: outOfConnections,
    service: edge,
    key: "max_connections",
    moved: "down",
    fault: "limit",
    look: [logs(edge)],
    otherwise: (seen) => 2 * Number(seen.value(edge, "max_connections")),
  }),
  suspect({
    name: "probes ask for a path that is not there",
    when: hostsMissing,
    service: edge,
    key: "health_check_path",
    moved: "either",
    odd: (_, seen) => seen.logged(edge, /probe \S+ GET \S+ answered 404/) !== null,
    fault: "health_check",
    look: [logs(edge)],
    otherwise: () => "/healthz",
  }),
  suspect({
    name: "probes are given too little time",
    when: hostsMissing,
    service: edge,
    key: "health_check_timeout_ms",
    moved: "down",
    odd: (_, seen) => seen.logged(edge, /probe \S+ gave no answer within/) !== null,
    fault: "health_check",
    look: [logs(edge)],
  }),
  suspect({
    name: "one failed probe takes a host out",
    when: hostsMissing,
    service: edge,
    key: "unhealthy_threshold",
    moved: "down",
    odd: (value) => Number(value) < 2,
    fault: "health_check",
    look: [logs(edge)],
    otherwise: () => 3,
  }),
  suspect({
    name: "the edge sends failed requests again",
    when: (seen) => rose(seen.row(edge, "upstream_attempts_per_request"), 1.1),
    service: edge,
    key: "upstream_retries",
    moved: "up",
    odd: (value) => Number(value) > 1,
    fault: "retry",
    look: [metrics("web_server")],
  }),
];
