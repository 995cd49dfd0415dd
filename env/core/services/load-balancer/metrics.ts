import type { State } from "../../state.ts";
import { attempts, count, exact, measure, ratio, rowTable } from "../../telemetry/rows.ts";
import { TICK_SECONDS } from "../../time.ts";
import { WEB_HOSTS } from "../../topology.ts";
import { findCertificate } from "./dynamics.ts";

const DAY_TICKS = 86_400 / TICK_SECONDS;

export const loadBalancerRows = rowTable({
  rps: measure("req/s"),
  accepted_rps: measure("req/s"),
  rate_limited_rps: measure("req/s"),
  rejected_connections_per_s: measure("1/s"),
  tls_failures_per_s: measure("1/s"),
  error_5xx_ratio: ratio,
  connection_use_ratio: ratio,
  healthy_hosts: exact("hosts"),
  upstream_attempts_per_request: attempts,
  cert_days_left: exact("days"),
  "share_ratio{host}": ratio,
  "probe_latency_ms{host}": measure("ms"),
  "ejections{host}": count("1/tick"),
});

export function sampleLoadBalancer(state: State, out: Float32Array, base: number): void {
  const { edge } = state;
  const { at } = loadBalancerRows;
  const healthy = healthyHosts(state);
  out[base + at.rps] = edge.offered;
  out[base + at.accepted_rps] = edge.accepted;
  out[base + at.rate_limited_rps] = edge.rateLimited;
  out[base + at.rejected_connections_per_s] = edge.rejected;
  out[base + at.tls_failures_per_s] = edge.tlsFailures;
  out[base + at.error_5xx_ratio] = healthy > 0 ? errorRatio(state) : 1;
  out[base + at.connection_use_ratio] = Math.min(1, edge.connectionUse);
  out[base + at.healthy_hosts] = healthy;
  out[base + at.upstream_attempts_per_request] = edge.attemptsPerRequest;
  out[base + at.cert_days_left] = daysLeft(state);
  for (let i = 0; i < WEB_HOSTS; i += 1) {
    out[base + at["share_ratio{host}"] + i] = edge.share[i] as number;
    out[base + at["probe_latency_ms{host}"] + i] = 1000 * (edge.probeSeconds[i] as number);
    out[base + at["ejections{host}"] + i] = edge.ejections[i] as number;
  }
}

/** Of the requests that the edge accepted, those that ended as an error after its own retries. */
function errorRatio(state: State): number {
  let allFail = 1;
  for (let k = 0; k <= state.config.load_balancer.upstream_retries; k += 1) allFail *= state.edge.attemptFailure;
  return allFail;
}

function healthyHosts(state: State): number {
  let healthy = 0;
  for (let i = 0; i < WEB_HOSTS; i += 1) if (state.edge.healthy[i]) healthy += 1;
  return healthy;
}

/** Days until the certificate in use ends; negative afterwards. */
function daysLeft(state: State): number {
  const certificate = findCertificate(state, state.config.load_balancer.tls_cert_id);
  return certificate === undefined ? 0 : (certificate.notAfterTick - state.tick) / DAY_TICKS;
}
