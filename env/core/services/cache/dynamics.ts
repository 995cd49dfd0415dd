import { exp, pow } from "../../maths.ts";
import type { State } from "../../state.ts";
import { TICK_SECONDS } from "../../time.ts";
import { WEB_HOSTS } from "../../topology.ts";
import { TRAFFIC } from "../../traffic.ts";

export const CACHE_HOST = "cache.internal";
/** Share of reads that a full, warm cache answers. */
const BEST_HIT = 0.985;
/** Seconds in which an empty cache fills to 1 − 1/e when every fill succeeds. */
const FILL_SECONDS = 45;
/** Popular entries are touched again before they expire: the set lives three lifetimes. */
const LIFETIMES = 3;
const EVICTION_SCALE = 900 / 840;
const ANSWER_SECONDS = 0.001;
const SNAPSHOT_ANSWER_SECONDS = 0.003;
const REFUSAL_SECONDS = 0.002;

/** How the web tier reaches the cache in this tick: failure share and time per lookup (design 4.2). */
export function readCacheLink(state: State): void {
  const { web, cache } = state;
  const config = state.config.web_server;
  const tokensEqual = config.cache_token_id === state.config.cache.auth_token_id;
  cache.tokenRejected = config.use_cache && cache.up && !tokensEqual;
  cache.reachable =
    cache.up && cache.outageTicks === 0 && config.use_cache && config.cache_host === CACHE_HOST && tokensEqual;
  const clients = WEB_HOSTS * config.max_workers;
  web.cacheFailure = cache.reachable ? Math.max(0, 1 - state.config.cache.max_clients / clients) : 1;
  if (!config.use_cache) web.cacheTime = 0;
  else if (web.cacheFailure < 0.5) web.cacheTime = answerSeconds(state);
  else if (cache.tokenRejected || !cache.up) web.cacheTime = REFUSAL_SECONDS;
  else web.cacheTime = config.cache_timeout_ms / 1000;
}

/** Whether the cache writes a snapshot during this tick. */
export const inSnapshot = (state: State): boolean =>
  state.cache.uptimeTicks > 0 &&
  (state.cache.uptimeTicks * TICK_SECONDS) % state.config.cache.snapshot_interval_s < TICK_SECONDS;

/** Seconds that an answer takes. */
export const answerSeconds = (state: State): number => (inSnapshot(state) ? SNAPSHOT_ANSWER_SECONDS : ANSWER_SECONDS);

/** Share of reads answered by the cache, as the web tier sees it. */
export const cacheHit = (state: State): number =>
  state.cache.reachable ? state.cache.hit * (1 - state.web.cacheFailure) : 0;

/** Memory that entries may use, in compressed megabytes. */
export function effectiveMemoryMb(state: State): number {
  const config = state.config.cache;
  return config.compression === "lz4" ? config.max_memory_mb : config.max_memory_mb / state.cache.compressionRatio;
}

/** Fills, expires and evicts for one tick (design 4.4). Filling needs database reads that succeed. */
export function turnOverCache(state: State): void {
  const { cache, web, database } = state;
  const config = state.config.cache;
  const hit = cacheHit(state);
  const available = effectiveMemoryMb(state);
  const room = available / cache.workingSetMb;
  const fit = room >= 1 ? 1 : pow(room, evictionExponent(config.eviction_policy));

  cache.lookups = cache.reachable ? web.throughput * TRAFFIC.read.share * (1 - web.cacheFailure) : 0;
  cache.refusedClients = cache.reachable ? web.throughput * TRAFFIC.read.share * web.cacheFailure : 0;
  if (!cache.up || cache.outageTicks > 0) {
    cache.warmth = 0;
    cache.uptimeTicks = 0;
  } else {
    const fills = cache.reachable ? ((1 - database.readFailure) * (1 - web.cacheFailure)) / FILL_SECONDS : 0;
    const expiry = 1 / Math.max(1, LIFETIMES * config.ttl_s);
    const target = fills / (fills + expiry);
    cache.warmth = target + (cache.warmth - target) * exp(-TICK_SECONDS * (fills + expiry));
    cache.uptimeTicks += 1;
  }
  cache.hit = BEST_HIT * cache.warmth * fit;

  cache.servedHit = hit;
  const reads = web.throughput * TRAFFIC.read.share;
  cache.evictions = cache.up ? Math.max(0, cache.workingSetMb / available - 1) * EVICTION_SCALE * reads : 0;
  const stampede = cache.reachable && !config.single_flight && cache.warmth < 0.8;
  cache.misses = reads * (1 - hit) * (stampede ? 1 + 1.5 * (1 - cache.warmth) : 1);
}

function evictionExponent(policy: string): number {
  if (policy === "allkeys-lru") return 0.6;
  return policy === "allkeys-random" ? 0.8 : 1;
}
