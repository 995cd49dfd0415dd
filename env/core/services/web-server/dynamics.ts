import { clamp, pow } from "../../maths.ts";
import type { State } from "../../state.ts";
import { TICK_SECONDS } from "../../time.ts";
import { WEB_HOSTS } from "../../topology.ts";
import { EXPORT_SECONDS, TRAFFIC } from "../../traffic.ts";
import { cacheHit, readCacheLink } from "../cache/dynamics.ts";
import { probeHost, probePathExists } from "../load-balancer/dynamics.ts";

/** Cores per host. */
const CORES = 8;
/** Requests that wait in a host's accept queue. */
const ACCEPT_QUEUE = 512;
/** CPU seconds of a probe. */
const PROBE_CPU = 0.004;
/** Capacity left while hosts restart one after another. */
export const ROLLING_CAPACITY = 0.75;
/** Extra CPU of an account page with recommendations. */
const RECOMMENDATION_CPU = 0.012;
/** Share of workers alive right after the kernel killed a host's processes. */
const ALIVE_AFTER_OOM = 0.35;
/** Share of workers that a supervisor brings back per tick. */
const RESPAWN_PER_TICK = 0.06;

/** Reads of an account page: with recommendations, six more. */
export const userReads = (flagRecs: boolean): number => (flagRecs ? 8 : 2);

/**
 * Attempts per call: Σ p^k over the allowed retries, capped by the retry budget.
 * @param failure failure per attempt, 0…1
 */
export function attemptsPerCall(failure: number, retries: number, budgetPct: number): number {
  const p = Math.min(failure, 0.999);
  let sum = 0;
  let term = 1;
  for (let k = 0; k <= retries; k += 1) {
    sum += term;
    term *= p;
  }
  return budgetPct > 0 ? Math.min(sum, 1 + budgetPct / 100) : sum;
}

/** What a request waits for behind the web tier, per class, from the previous tick's readings (design 4.2). */
export function timeDownstream(state: State): number {
  const config = state.config.web_server;
  const { web, database, queue } = state;
  web.readAttempts = attemptsPerCall(database.readFailure, config.retry_max, config.retry_budget_pct);
  web.writeAttempts = attemptsPerCall(database.writeFailure, config.retry_max, config.retry_budget_pct);
  readCacheLink(state);

  const read = database.poolWait + database.readLatency;
  const write = database.poolWait + database.writeLatency;
  const publish = Math.min(queue.publishLatency, config.publish_timeout_ms / 1000) * (1 + 0.5 * queue.publishFailure);
  const routes = web.routes;
  routes.readSeconds = web.cacheTime + (1 - cacheHit(state)) * read * web.readAttempts;
  routes.userSeconds = userReads(config.flag_recs) * read * web.readAttempts;
  routes.writeSeconds = read * web.readAttempts + 2 * write * web.writeAttempts + publish;
  routes.exportSeconds = EXPORT_SECONDS + read;
  return (
    TRAFFIC.read.share * routes.readSeconds +
    TRAFFIC.user.share * routes.userSeconds +
    TRAFFIC.write.share * routes.writeSeconds +
    TRAFFIC.export.share * routes.exportSeconds
  );
}

/** Serves one tick of traffic on the four hosts (design 4.3). */
export function serveRequests(state: State): void {
  const { web } = state;
  const config = state.config.web_server;
  const downstream = timeDownstream(state);
  const cpuPerRequest =
    TRAFFIC.read.share * TRAFFIC.read.cpu +
    TRAFFIC.user.share * (TRAFFIC.user.cpu + (config.flag_recs ? RECOMMENDATION_CPU : 0)) +
    TRAFFIC.write.share * TRAFFIC.write.cpu +
    TRAFFIC.export.share * TRAFFIC.export.cpu;
  const leak = releaseLeak(state, config.app_version);

  web.throughput = 0;
  web.tierSuccess = 0;
  web.meanWait = 0;
  for (let i = 0; i < WEB_HOSTS; i += 1) serveOnHost(state, i, cpuPerRequest, downstream, leak);
  web.meanResponse = web.meanWait + downstream;
}

function serveOnHost(state: State, i: number, cpuPerRequest: number, downstream: number, leakMb: number): void {
  const { web, edge } = state;
  const config = state.config.web_server;
  const share = edge.share[i] as number;
  const arriving = edge.accepted * edge.attemptsPerRequest * share;
  const limited = config.rate_limit_rps > 0 && arriving > config.rate_limit_rps;
  const refused429 = limited ? 1 - config.rate_limit_rps / arriving : 0;
  const rps = arriving * (1 - refused429);

  const alive = (web.aliveShare[i] as number) * (web.outageTicks > 0 ? ROLLING_CAPACITY : 1);
  const capacity = Math.max(alive, 0.02);
  const heap = Math.max(0, (web.memoryMb[i] as number) / config.memory_limit_mb - 0.75) / 0.25;
  const slow = (1 + 6 * heap * heap) * (web.slowFactor[i] as number); // garbage collection, sick hardware
  const cpuSeconds = cpuPerRequest * slow;
  const cpu = (rps * cpuSeconds) / (CORES * capacity);
  const stretch = 1 / (1 - Math.min(cpu, 0.97));
  const hold = cpuSeconds * stretch + downstream;
  const workers = config.max_workers * capacity;
  const busy = (rps * hold) / workers;

  let refused503 = 0;
  let wait = 0;
  if (busy < 0.999) {
    wait = (hold / workers) * waitFactor(busy, workers);
  } else {
    refused503 = 1 - 1 / busy;
    wait = Math.min(1.5, ACCEPT_QUEUE / Math.max(1, workers / hold));
  }
  if (cpu > 1) {
    refused503 = Math.max(refused503, 1 - 1 / cpu);
    wait = Math.max(wait, 1);
  }
  if (alive < 0.05 && share > 0) refused503 = 1;

  const probe = wait + PROBE_CPU * stretch * slow;
  edge.probeSeconds[i] = probe;
  const { health_check_path: path, health_check_timeout_ms: probeTimeout } = state.config.load_balancer;
  probeHost(state, i, probePathExists(path) && alive > 0.2 && probe * 1000 < probeTimeout);

  keepMemory(state, i, (leakMb * rps * TICK_SECONDS) / 1000);

  web.rps[i] = rps;
  web.busy[i] = busy;
  web.cpu[i] = Math.min(cpu, 1);
  web.wait[i] = wait;
  web.rejected503[i] = refused503;
  web.rejected429[i] = refused429;
  web.tierSuccess += share * (1 - refused429) * (1 - refused503);
  web.throughput += rps * (1 - refused503);
  web.meanWait += share * (wait + cpuSeconds * stretch);
}

/**
 * Mean waiting time in a service with parallel workers, as a multiple of the time between two completions.
 * @param rho utilisation, 0 ≤ rho < 1
 * @param servers workers, > 0
 * Source: Sakasegawa's approximation for M/M/m (1977).
 */
function waitFactor(rho: number, servers: number): number {
  return pow(rho, Math.sqrt(2 * (servers + 1)) - 1) / (1 - rho);
}

/** Grows a host's memory by what leaked; above the limit the kernel kills it, a supervisor refills slowly. */
function keepMemory(state: State, i: number, leakedMb: number): void {
  const { web } = state;
  const memory = (web.memoryMb[i] as number) + leakedMb;
  web.oomKilled[i] = memory > state.config.web_server.memory_limit_mb;
  web.memoryMb[i] = web.oomKilled[i] ? web.startMemoryMb : memory;
  if (web.oomKilled[i]) web.aliveShare[i] = ALIVE_AFTER_OOM;
  else if (web.respawn) web.aliveShare[i] = Math.min(1, (web.aliveShare[i] as number) + RESPAWN_PER_TICK);
}

function releaseLeak(state: State, version: string): number {
  for (const release of state.releases) if (release.version === version) return release.leakMb;
  return 0;
}

/** Replaces every web process: memory, dead workers, leaked connections and resolved addresses start afresh. */
export function restartWorkers(state: State, outageTicks: number): void {
  const { web } = state;
  web.outageTicks = outageTicks;
  web.respawn = true;
  web.leakedPool = 0;
  for (let i = 0; i < WEB_HOSTS; i += 1) {
    web.aliveShare[i] = 1;
    web.memoryMb[i] = web.startMemoryMb;
  }
}

/** Share of calls that still fail after retries, given the failure of one attempt. */
export function failureAfterRetries(failure: number, retries: number, budgetPct: number): number {
  if (retries === 0) return failure;
  let rest = 1;
  for (let k = 0; k < retries; k += 1) rest *= failure;
  if (budgetPct <= 0) return failure * rest;
  return failure * Math.max(rest, 1 - clamp(budgetPct / 100 / Math.max(failure, 1e-9), 0, 1));
}
