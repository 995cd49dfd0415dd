import type { State } from "../../state.ts";
import { when } from "../../telemetry/log-lines.ts";
import type { LogCondition } from "../../telemetry/log-lines.ts";
import { EXPORT_SECONDS } from "../../traffic.ts";
import { hostName } from "../../topology.ts";
import { certificateValid, hostWeight, probePathExists } from "./dynamics.ts";

/** In rotation again, but without traffic in the last tick: its ejection is a few seconds old. */
const justBack = (state: State, host: number): boolean =>
  state.edge.healthy[host] === true && state.edge.share[host] === 0 && hostWeight(state.config.load_balancer, host) > 0;

/** What the load balancer writes, and when. */
export const loadBalancerLogs: readonly LogCondition[] = [
  {
    code: "no_healthy_upstream",
    level: "ERROR",
    rate: ({ state }) => when(!state.edge.healthy.includes(true), state.edge.accepted),
    text: () => "no host in rotation, answered 503",
  },
  {
    code: "tls_failure",
    level: "ERROR",
    rate: ({ state }) => when(!certificateValid(state, state.config.load_balancer.tls_cert_id), state.edge.tlsFailures),
    text: ({ state }) => `TLS handshake failed: client rejected certificate ${state.config.load_balancer.tls_cert_id}`,
  },
  {
    code: "probe_status",
    level: "ERROR",
    perHost: true,
    rate: ({ state }) => when(!probePathExists(state.config.load_balancer.health_check_path), 0.1),
    text: ({ state, host }) =>
      `probe ${hostName(host)} GET ${state.config.load_balancer.health_check_path} answered 404`,
  },
  {
    code: "probe_timeout",
    level: "WARN",
    perHost: true,
    rate: ({ state, host }) =>
      when(
        ((state.edge.probeFailed[host] ?? false) || justBack(state, host)) &&
          probePathExists(state.config.load_balancer.health_check_path),
        0.1,
      ),
    text: ({ state, host }) =>
      `probe ${hostName(host)} gave no answer within ${state.config.load_balancer.health_check_timeout_ms} ms`,
  },
  {
    code: "ejected",
    level: "ERROR",
    perHost: true,
    rate: ({ state, host }) => when(state.edge.healthy[host] === false || justBack(state, host), 0.01),
    text: ({ state, host }) =>
      `${hostName(host)} taken out of rotation after ${state.config.load_balancer.unhealthy_threshold} failed probes`,
  },
  {
    code: "limiter_shedding",
    level: "WARN",
    rate: ({ state }) => state.edge.rateLimited,
    text: ({ state }) => `limiter answered 429 above ${state.config.load_balancer.rate_limit_rps} req/s`,
  },
  {
    code: "connection_cap",
    level: "ERROR",
    rate: ({ state }) => state.edge.rejected,
    text: ({ state }) => `connection refused: ${state.config.load_balancer.max_connections} connections open`,
  },
  {
    code: "upstream_error",
    level: "WARN",
    rate: ({ state }) => when(state.edge.attemptFailure > 0.004, state.edge.accepted * state.edge.attemptFailure),
    text: () => "upstream answered 5xx",
  },
  {
    code: "upstream_retry",
    level: "WARN",
    rate: ({ state }) =>
      when(state.edge.attemptsPerRequest > 1.01, state.edge.accepted * (state.edge.attemptsPerRequest - 1)),
    text: () => "request sent to another host after a failed attempt",
  },
  {
    code: "stream_idle",
    level: "WARN",
    rate: ({ state }) => when(state.config.load_balancer.idle_timeout_ms < EXPORT_SECONDS * 1000, 1.2),
    text: ({ state }) => `stream /export closed: idle for ${state.config.load_balancer.idle_timeout_ms} ms`,
  },
];
