import { choice, flag, name, number } from "../keys.ts";

export const cacheKeys = {
  max_memory_mb: number("Memory for entries.", 4096, "MB", [128, 65_536], { envelope: [2600, 16_384] }),
  compression: choice("Compression of entries.", "lz4", ["lz4", "none"], ["lz4"]),
  ttl_s: number("Lifetime of an entry.", 300, "s", [1, 86_400], { envelope: [120, 1800] }),
  eviction_policy: choice(
    "What goes when memory is full.",
    "allkeys-lru",
    ["allkeys-lru", "allkeys-random", "noeviction"],
    ["allkeys-lru", "allkeys-random"],
  ),
  max_clients: number("Client connections held at once.", 4000, "clients", [10, 20_000], { envelope: [600, 10_000] }),
  auth_token_id: name("Token that clients must show.", "ct-07", "token"),
  single_flight: flag("Fill a missing key once, not once per request.", true, true),
  snapshot_interval_s: number("Time between snapshots to disk.", 3600, "s", [60, 86_400], {
    envelope: [900, 21_600],
  }),
} as const;
