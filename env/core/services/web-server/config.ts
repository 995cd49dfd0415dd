import { flag, name, number } from "../keys.ts";

/** Keys of the web tier; those marked "per host" apply to each of the four hosts. */
export const webServerKeys = {
  max_workers: number("Worker threads per host.", 128, "workers", [4, 2000], { envelope: [24, 1600] }),
  db_pool_size: number("Database connections per host.", 20, "connections", [1, 400], { envelope: [6, 60] }),
  db_acquire_timeout_ms: number("Longest wait for a pooled connection.", 500, "ms", [10, 10_000], {
    envelope: [100, 2000],
  }),
  db_timeout_ms: number("Longest wait for a query.", 1000, "ms", [5, 30_000], { envelope: [60, 5000] }),
  cache_timeout_ms: number("Longest wait for the cache.", 60, "ms", [5, 30_000], { envelope: [10, 250] }),
  publish_timeout_ms: number("Longest wait for a publish to the queue.", 800, "ms", [5, 30_000], {
    envelope: [20, 2000],
  }),
  retry_max: number("Times a failed database call is tried again.", 1, "retries", [0, 8], { envelope: [0, 2] }),
  retry_budget_pct: number("Retries allowed per 100 calls; 0 is unlimited.", 20, "%", [0, 100], {
    envelope: [5, 30],
    off: 0,
  }),
  rate_limit_rps: number("Requests admitted per second and host; 0 is off.", 0, "req/s", [0, 20_000], {
    envelope: [320, 20_000],
    off: 0,
    offIsSafe: true,
  }),
  use_cache: flag("Read through the cache.", true, true),
  cache_host: name("Name of the cache.", "cache.internal", "host"),
  cache_token_id: name("Token shown to the cache.", "ct-07", "token"),
  db_host: name("Name of the database that writes go to.", "db-primary.internal", "host"),
  dns_cache_ttl_s: number("How long a resolved address is kept; -1 is for ever.", 30, "s", [-1, 3600], {
    envelope: [5, 120],
    off: -1,
  }),
  memory_limit_mb: number("Memory per host. A change restarts workers host by host.", 4096, "MB", [1024, 16_384], {
    envelope: [2600, 8192],
  }),
  app_version: name("Release running. A change restarts workers host by host.", "r411", "release"),
  flag_recs: flag("Show recommendations on account pages.", false, false),
  flag_bulk_prefetch: flag("Prefetch related products on reads.", false, false),
  payment_provider: name("External provider of payments.", "payfleet", "provider", true),
  network_provider: name("External provider of the network between hosts.", "northlink", "provider", true),
  mail_provider: name("External provider of e-mail.", "mailtrail", "provider", true),
  cdn_provider: name("External provider of static content.", "edgecast", "provider", true),
} as const;
