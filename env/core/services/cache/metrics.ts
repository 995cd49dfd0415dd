import type { State } from "../../state.ts";
import { count, exact, measure, ratio, rowTable } from "../../telemetry/rows.ts";
import { TICK_SECONDS } from "../../time.ts";
import { WEB_HOSTS } from "../../topology.ts";
import { TRAFFIC } from "../../traffic.ts";
import { answerSeconds, effectiveMemoryMb } from "./dynamics.ts";

export const cacheRows = rowTable({
  ops_per_s: measure("1/s"),
  hit_ratio: ratio,
  memory_used_mb: measure("MB"),
  memory_use_ratio: ratio,
  working_set_mb: measure("MB"),
  evictions_per_s: measure("1/s"),
  expirations_per_s: measure("1/s"),
  clients: count("clients"),
  rejected_clients_per_s: measure("1/s"),
  auth_failures_per_s: measure("1/s"),
  latency_ms: measure("ms"),
  uptime_s: exact("s"),
});

/** Entries per megabyte, which turns memory into expirations. */
const ENTRIES_PER_MB = 300;

export function sampleCache(state: State, out: Float32Array, base: number): void {
  const { cache, web } = state;
  const { at } = cacheRows;
  const config = state.config.cache;
  const running = cache.up && cache.outageTicks === 0 ? 1 : 0;
  const available = effectiveMemoryMb(state);
  const used = running * Math.min(available, cache.warmth * cache.workingSetMb);
  out[base + at.ops_per_s] = cache.lookups;
  out[base + at.hit_ratio] = cache.lookups > 0 ? cache.servedHit : 0;
  out[base + at.memory_used_mb] = used;
  out[base + at.memory_use_ratio] = used / available;
  out[base + at.working_set_mb] = cache.workingSetMb;
  out[base + at.evictions_per_s] = running * cache.evictions;
  out[base + at.expirations_per_s] = (ENTRIES_PER_MB * used) / config.ttl_s;
  out[base + at.clients] = cache.reachable
    ? Math.min(config.max_clients, WEB_HOSTS * state.config.web_server.max_workers)
    : 0;
  out[base + at.rejected_clients_per_s] = cache.refusedClients;
  out[base + at.auth_failures_per_s] = cache.tokenRejected ? web.throughput * TRAFFIC.read.share : 0;
  out[base + at.latency_ms] = running * 1000 * answerSeconds(state);
  out[base + at.uptime_s] = cache.uptimeTicks * TICK_SECONDS;
}
