import { fell, pinned, rose } from "../metric-table.ts";
import type { Notebook } from "../notebook.ts";
import type { Rule } from "../rule.ts";
import { logs, metrics, restart, status } from "../steps.ts";
import { suspect } from "../suspect.ts";

const cache = "cache";
const web = "web_server";

const says = (pattern: RegExp) => (seen: Notebook) => seen.logged(web, pattern) !== null;
const hitsFell = (seen: Notebook) => fell(seen.row(cache, "hit_ratio"), 1.05);
const evicting = (seen: Notebook) =>
  hitsFell(seen) && (rose(seen.row(cache, "evictions_per_s"), 2) || pinned(seen.row(cache, "memory_use_ratio")));

const tokenRefused = says(/token \S+ not accepted/);
const tooManyClients = says(/too many clients, connection closed/);

/** The way from the web tier to the cache, as the web tier's log tells it. */
export const cacheLinkRules: readonly Rule[] = [
  {
    kind: "cure",
    name: "the cache process is gone",
    when: says(/cache \S+: connection refused/),
    look: [status(cache), logs(cache)],
    confirm: (seen) => seen.status(cache)?.state === "down",
    blame: [cache, "crash"],
    change: () => [restart(cache)],
  },
  suspect({
    name: "the name of the cache is wrong",
    when: says(/cache \S+: name does not resolve/),
    service: web,
    key: "cache_host",
    moved: "either",
    fault: "address",
  }),
  suspect({
    name: "the web tier shows a wrong token",
    when: tokenRefused,
    service: web,
    key: "cache_token_id",
    moved: "either",
    fault: "credential",
    look: [logs(cache)],
  }),
  suspect({
    name: "the cache wants another token",
    when: tokenRefused,
    service: cache,
    key: "auth_token_id",
    moved: "either",
    fault: "credential",
    look: [logs(cache)],
  }),
  suspect({
    name: "the cache allows too few clients",
    when: tooManyClients,
    service: cache,
    key: "max_clients",
    moved: "down",
    fault: "limit",
    look: [metrics(cache), logs(cache)],
    otherwise: (seen) => 2 * Number(seen.value(cache, "max_clients")),
  }),
];

/** Reads that miss: too little memory, too short a life, nobody asks, or a cold start. */
export const cacheContentRules: readonly Rule[] = [
  {
    kind: "pointer",
    name: "more reads reach the database: does the cache hit?",
    when: (seen) =>
      rose(seen.row("database", "queries_per_s{replica}"), 1.2) ||
      rose(seen.row("database", "queries_per_s{primary}"), 1.2) ||
      rose(seen.row(web, "latency_ms{read}"), 1.3),
    look: [metrics(cache), logs(cache)],
  },
  suspect({
    name: "nobody asks the cache",
    when: (seen) => fell(seen.row(cache, "ops_per_s"), 5) && seen.row(web, "cache_error_ratio").now < 0.01,
    service: web,
    key: "use_cache",
    moved: "either",
    odd: (value) => value === false,
    fault: "feature_flag",
    otherwise: () => true,
  }),
  suspect({
    name: "entries are not compressed any more",
    when: evicting,
    service: cache,
    key: "compression",
    moved: "either",
    odd: (value) => value === "none",
    fault: "capacity",
  }),
  suspect({
    name: "the cache has too little memory",
    when: evicting,
    service: cache,
    key: "max_memory_mb",
    moved: "down",
    fault: "capacity",
    look: [logs(cache)],
  }),
  suspect({
    name: "entries live too short",
    when: (seen) => hitsFell(seen) && rose(seen.row(cache, "expirations_per_s"), 1.5),
    service: cache,
    key: "ttl_s",
    moved: "down",
    fault: "ttl",
  }),
  suspect({
    name: "every request fills the same missing key",
    when: hitsFell,
    service: cache,
    key: "single_flight",
    moved: "either",
    odd: (value) => value === false,
    fault: "cold",
    look: [logs(cache)],
    otherwise: () => true,
  }),
  suspect({
    name: "the cache writes snapshots all the time",
    when: (seen) => rose(seen.row(cache, "latency_ms"), 1.5),
    service: cache,
    key: "snapshot_interval_s",
    moved: "down",
    fault: "maintenance",
  }),
];
