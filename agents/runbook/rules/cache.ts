import { fell, pinned, rose } from "../metric-table.ts";
import type { Notebook } from "../notebook.ts";
import type { Rule } from "../rule.ts";
import { logs, metrics, restart, status } from "../steps.ts";
import { suspect, times } from "../suspect.ts";

const cache = "cache";
const database = "database";

const hitsFell = (seen: Notebook) => fell(seen.row(cache, "hit_ratio"), 1.05);

/** Reads that miss: the process gone, too little memory, a cold start. */
export const cacheRules: readonly Rule[] = [
  {
    kind: "cure",
    name: "the cache process is gone",
    when: (seen) => seen.logged("web_server", /cache \S+: connection refused/) !== null,
    look: [status(cache), logs(cache)],
    confirm: (seen) => seen.status(cache)?.state === "down",
    blame: [cache, "crash"],
    change: () => [restart(cache)],
  },
  {
    kind: "pointer",
    name: "more reads reach the database: does the cache hit?",
    when: (seen) =>
      rose(seen.row(database, "queries_per_s{replica}"), 1.2) ||
      rose(seen.row(database, "queries_per_s{primary}"), 1.2) ||
      rose(seen.row("web_server", "latency_ms{read}"), 1.3),
    look: [metrics(cache), logs(cache)],
  },
  suspect({
    name: "the cache has too little memory",
    when: (seen) => hitsFell(seen) && pinned(seen.row(cache, "memory_use_ratio")),
    service: cache,
    key: "max_memory_mb",
    moved: "down",
    fault: "capacity",
    look: [logs(cache)],
    otherwise: (seen) => times(2, seen, cache, "max_memory_mb"),
  }),
  suspect({
    name: "after a cold start every request fills the same missing key",
    when: hitsFell,
    service: cache,
    key: "single_flight",
    moved: "either",
    odd: (value) => value === false,
    fault: "cold",
    look: [logs(cache)],
    otherwise: () => true,
  }),
];
