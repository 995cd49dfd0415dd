import { choice, flag, number } from "../keys.ts";

const INDEX_STATES = ["valid", "invalid"] as const;

export const databaseKeys = {
  max_connections: number("Connections accepted in all.", 300, "connections", [20, 2000], { envelope: [100, 600] }),
  statement_timeout_ms: number("A statement that runs longer is cancelled.", 15_000, "ms", [100, 600_000], {
    envelope: [8000, 120_000],
  }),
  read_replica_enabled: flag("Send most reads to the replica.", true, true),
  read_only: flag("Refuse writes.", false, false),
  autovacuum: flag("Reclaim dead rows in the background.", true, true),
  idle_in_txn_timeout_ms: number(
    "A session idle in a transaction for longer is ended; 0 is never.",
    60_000,
    "ms",
    [0, 3_600_000],
    { envelope: [10_000, 120_000], off: 0 },
  ),
  disk_quota_gb: number("Disk for data and logs.", 500, "GB", [50, 2000], { envelope: [320, 1000] }),
  slot_wal_keep_gb: number("Log kept for an inactive replication slot; 0 is unlimited.", 40, "GB", [0, 1000], {
    envelope: [10, 100],
    off: 0,
  }),
  analytics_concurrency: number("Analytics sessions allowed at once.", 1, "sessions", [0, 16], { envelope: [0, 3] }),
  idx_orders_user: choice("Index of orders by user; setting it valid rebuilds it.", "valid", INDEX_STATES, ["valid"]),
  idx_products_sku: choice("Index of products by SKU; setting it valid rebuilds it.", "valid", INDEX_STATES, ["valid"]),
  checkpoint_timeout_s: number("Time between checkpoints.", 300, "s", [30, 3600], { envelope: [120, 1200] }),
} as const;
