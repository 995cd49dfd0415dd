import type { Certificate, State } from "../../state.ts";
import { TICK_SECONDS } from "../../time.ts";
import { WEB_HOSTS } from "../../topology.ts";
import type { Config } from "../config.ts";

/** Share of clients that get through when the certificate is not valid: those that do not check. */
const UNCHECKED_CLIENTS = 0.12;
/** Failed requests that users send again. */
const USER_RETRIES = 0.3;
/** Share of a keep-alive period that an idle connection really stays. */
const IDLE_SHARE = 0.2;
const STICKY_SHARE = 0.45;

/** Admits traffic: certificate, limiter, connection cap, then retries and shares per host (design 4.1). */
export function admitTraffic(state: State): void {
  const { edge, load } = state;
  const config = state.config.load_balancer;

  const offered = load.base * load.surge * (1 + USER_RETRIES * load.userFailure);
  let passed = offered;
  edge.offered = offered;

  if (!certificateValid(state, config.tls_cert_id)) passed *= UNCHECKED_CLIENTS;
  edge.tlsFailures = offered - passed;
  if (edge.outageTicks > 0) passed = 0;

  edge.rateLimited = 0;
  if (config.rate_limit_rps > 0 && passed > config.rate_limit_rps) {
    edge.rateLimited = passed - config.rate_limit_rps;
    passed = config.rate_limit_rps;
  }

  // Little's law: connections busy with a response, and idle ones kept alive.
  const use = (passed * (state.web.meanResponse + IDLE_SHARE * config.keepalive_s)) / config.max_connections;
  edge.connectionUse = use;
  edge.rejected = use > 1 ? passed - passed / use : 0;
  if (use > 1) passed /= use;
  edge.accepted = passed;

  let attempts = 0;
  let chance = 1;
  const failure = Math.min(edge.attemptFailure, 0.999);
  for (let k = 0; k <= config.upstream_retries; k += 1) {
    attempts += chance;
    chance *= failure;
  }
  edge.attemptsPerRequest = attempts;
  shareTraffic(state);
}

/** Splits accepted traffic over the hosts that were healthy in the previous tick. */
function shareTraffic(state: State): void {
  const { edge } = state;
  const config = state.config.load_balancer;
  let total = 0;
  for (let i = 0; i < WEB_HOSTS; i += 1) if (edge.healthy[i]) total += hostWeight(config, i);
  for (let i = 0; i < WEB_HOSTS; i += 1) {
    edge.share[i] = total > 0 && edge.healthy[i] ? hostWeight(config, i) / total : 0;
  }
  if (config.sticky_sessions && total > 0) {
    const pinned = edge.healthy[edge.pinnedHost] ? edge.pinnedHost : edge.healthy.indexOf(true);
    for (let i = 0; i < WEB_HOSTS; i += 1) {
      edge.share[i] = (edge.share[i] as number) * (1 - STICKY_SHARE) + (i === pinned ? STICKY_SHARE : 0);
    }
  }
}

/** Configured weight of host `i`; four keys rather than an array, because agents set them one by one. */
export function hostWeight(config: Config["load_balancer"], i: number): number {
  if (i === 0) return config.weight_web_1;
  if (i === 1) return config.weight_web_2;
  return i === 2 ? config.weight_web_3 : config.weight_web_4;
}

/** Counts one tick of probes for host `i` and ejects or readmits it. */
export function probeHost(state: State, i: number, good: boolean): void {
  const { edge } = state;
  const config = state.config.load_balancer;
  const probes = TICK_SECONDS / config.health_check_interval_s;
  const threshold = config.unhealthy_threshold;
  const failed = edge.failedProbes[i] as number;
  edge.ejections[i] = 0;
  edge.probeFailed[i] = !good;
  if (good) {
    const left = failed < threshold ? 0 : Math.max(0, failed - 2 * probes);
    edge.failedProbes[i] = left;
    if (left < threshold) edge.healthy[i] = true;
    return;
  }
  edge.failedProbes[i] = Math.min(2 * threshold, failed + probes);
  if (edge.failedProbes[i] >= threshold) {
    if (edge.healthy[i]) edge.ejections[i] = 1;
    edge.healthy[i] = false;
  }
}

/** Whether web hosts answer the configured probe path. */
export const probePathExists = (path: string): boolean => path === "/healthz" || path === "/readyz";

/** A certificate counts when it is in the inventory, inside its dates, and names the service. */
export function certificateValid(state: State, id: string): boolean {
  const certificate = findCertificate(state, id);
  return (
    certificate !== undefined &&
    certificate.nameOk &&
    state.tick >= certificate.notBeforeTick &&
    state.tick < certificate.notAfterTick
  );
}

export function findCertificate(state: State, id: string): Certificate | undefined {
  for (const certificate of state.certificates) if (certificate.id === id) return certificate;
  return undefined;
}
