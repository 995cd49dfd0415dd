import type { Rng } from "./rng.ts";
import { exp, ln } from "./maths.ts";
import { pick, rngFor, shuffled, wholeNumber } from "./rng.ts";
import { keyDef, keysOf, writeKey } from "./services/config.ts";
import type { ConfigValue } from "./services/keys.ts";
import type { State } from "./state.ts";
import { SERVICES } from "./topology.ts";
import type { ServiceName } from "./topology.ts";

type Range = readonly [low: number, high: number] | readonly string[];

/**
 * Keys that may stand off their default without doing harm, and how far: the part of the envelope in which the
 * system stays healthy up to load × 1.35. Production configuration is never all defaults, so a difference from the
 * manual is no evidence.
 */
const HARMLESS: Readonly<Record<ServiceName, Readonly<Record<string, Range>>>> = {
  load_balancer: {
    max_connections: [8000, 16_000],
    keepalive_s: [2, 15],
    idle_timeout_ms: [26_000, 300_000],
    health_check_timeout_ms: [1600, 5000],
    health_check_interval_s: [5, 30],
    unhealthy_threshold: [2, 5],
    health_check_path: ["/healthz", "/readyz"],
  },
  web_server: {
    db_acquire_timeout_ms: [250, 1000],
    cache_timeout_ms: [20, 250],
    publish_timeout_ms: [200, 2000],
    db_timeout_ms: [700, 2000],
    retry_budget_pct: [10, 30],
    dns_cache_ttl_s: [5, 120],
    memory_limit_mb: [3200, 8192],
    max_workers: [100, 150],
  },
  cache: {
    max_memory_mb: [3000, 16_384],
    max_clients: [1500, 10_000],
    ttl_s: [240, 1800],
    snapshot_interval_s: [900, 21_600],
    eviction_policy: ["allkeys-lru", "allkeys-random"],
  },
  database: {
    max_connections: [220, 600],
    statement_timeout_ms: [9000, 120_000],
    idle_in_txn_timeout_ms: [15_000, 120_000],
    disk_quota_gb: [360, 1000],
    slot_wal_keep_gb: [10, 100],
    checkpoint_timeout_s: [240, 1200],
  },
  message_queue: {
    max_in_flight: [128, 1024],
    retry_limit: [3, 8],
    visibility_timeout_ms: [36_000, 900_000],
    memory_limit_mb: [1024, 16_384],
    batch_publish_limit_rps: [60, 200],
    partition_key: ["order_id", "customer_id"],
  },
};

/** Moves two to four harmless keys per service off their defaults; `kept` keys ("cache.ttl_s") stay. */
export function deviate(state: State, seed: number, kept: ReadonlySet<string>): void {
  for (const service of SERVICES) {
    const rng = rngFor(seed, `deviations/${service}`, 0);
    const free = Object.keys(HARMLESS[service]).filter((key) => !kept.has(`${service}.${key}`));
    const count = wholeNumber(rng, 2, 4);
    for (const key of shuffled(rng, free).slice(0, count)) {
      writeKey(state.config, service, key, drawHarmless(rng, HARMLESS[service][key] as Range));
    }
  }
}

/** Keys of a service that people turn without harm, for histories. */
export const harmlessKeys = (service: ServiceName): readonly string[] => harmless[service];

/** A harmless value for a key of `harmlessKeys`. */
export const harmlessValue = (rng: Rng, service: ServiceName, key: string): ConfigValue =>
  drawHarmless(rng, HARMLESS[service][key] as Range);

/** The other keys of a service, names aside: histories show that they were tried and put back. */
export const triedKeys = (service: ServiceName): readonly string[] => tried[service];

/** How far people turn a number when they try something. */
const TRIED_FACTOR = 12;

/** A value that somebody tried for a key of `triedKeys`, other than the one that stands. */
export function triedValue(rng: Rng, service: ServiceName, key: string, standing: ConfigValue): ConfigValue {
  const def = keyDef(service, key);
  if (def?.kind === "choice") return def.choices.find((choice) => choice !== standing) ?? standing;
  if (def?.kind !== "number" || typeof standing !== "number") return standing !== true;
  const low = Math.max(1, def.min, Math.floor(standing / TRIED_FACTOR));
  const high = standing === 0 ? def.max : Math.min(def.max, standing * TRIED_FACTOR);
  const value = drawNumber(rng, low, high);
  return value === standing ? high : value;
}

function drawHarmless(rng: Rng, range: Range): ConfigValue {
  if (typeof range[0] === "string") return pick(rng, range as readonly string[]);
  const [low, high] = range as readonly [number, number];
  return drawNumber(rng, low, high);
}

/** Log-uniform over a range, rounded to two significant digits as people do. */
function drawNumber(rng: Rng, low: number, high: number): number {
  const value = exp(ln(low) + (ln(high) - ln(low)) * rng());
  let unit = 1;
  while (value >= 100 * unit) unit *= 10;
  const rounded = Math.round(value / unit) * unit;
  return rounded < low ? low : rounded > high ? high : rounded;
}

const byService = (keys: (service: ServiceName) => string[]): Readonly<Record<ServiceName, readonly string[]>> =>
  Object.fromEntries(SERVICES.map((service) => [service, keys(service)])) as Record<ServiceName, string[]>;

const harmless = byService((service) => Object.keys(HARMLESS[service]));
const tried = byService((service) =>
  keysOf(service).filter((key) => !Object.hasOwn(HARMLESS[service], key) && keyDef(service, key)?.kind !== "name"),
);
