import { fell, pinned } from "../metric-table.ts";
import type { Notebook } from "../notebook.ts";
import { renewCertificate } from "../renew-certificate.ts";
import type { Rule } from "../rule.ts";
import { logs } from "../steps.ts";
import { suspect, times } from "../suspect.ts";

const edge = "load_balancer";

const hostsMissing = (seen: Notebook) =>
  fell(seen.row(edge, "healthy_hosts"), 1.1) || seen.perHost(edge, "ejections").some(({ now }) => now > 0);
const probeFails = (how: RegExp) => (_: unknown, seen: Notebook) => seen.logged(edge, how) !== null;

/** Requests that die at the edge: certificate, limiter, connections, health probes. */
export const edgeRules: readonly Rule[] = [
  renewCertificate(edge, (seen) => seen.row(edge, "tls_failures_per_s").now > 1),
  suspect({
    name: "the limiter turns requests away",
    when: (seen) => seen.row(edge, "rate_limited_rps").now > 1,
    service: edge,
    key: "rate_limit_rps",
    moved: "either",
    fault: "limit",
    look: [logs(edge)],
    otherwise: () => 0,
  }),
  suspect({
    name: "too few client connections allowed, not requests that take too long",
    when: (seen) =>
      seen.row(edge, "rejected_connections_per_s").now > 1 && !pinned(seen.row("web_server", "worker_busy_ratio")),
    service: edge,
    key: "max_connections",
    moved: "down",
    fault: "limit",
    look: [logs(edge)],
    otherwise: (seen) => times(2, seen, edge, "max_connections"),
  }),
  suspect({
    name: "probes ask for a path that is not there",
    when: hostsMissing,
    service: edge,
    key: "health_check_path",
    moved: "either",
    odd: probeFails(/probe \S+ GET \S+ answered 404/),
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
    odd: probeFails(/probe \S+ gave no answer within/),
    fault: "health_check",
    look: [logs(edge)],
  }),
];
