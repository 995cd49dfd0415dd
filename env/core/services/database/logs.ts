import { shown, when } from "../../telemetry/log-lines.ts";
import type { LogCondition } from "../../telemetry/log-lines.ts";
import { TICK_SECONDS, ticks } from "../../time.ts";
import { diskFull, REPLICA_HOST, walUnbounded } from "./dynamics.ts";

/** Ticks for which a line about a single event counts as new. */
const FRESH = ticks(1, "min");

/** What the database writes, and when. */
export const databaseLogs: readonly LogCondition[] = [
  {
    code: "seq_scan_orders",
    level: "WARN",
    rate: ({ state }) => when(state.config.database.idx_orders_user !== "valid", 0.045 * state.web.throughput),
    text: () => "slow statement: sequential scan on orders",
  },
  {
    code: "seq_scan_products",
    level: "WARN",
    rate: ({ state }) => when(state.config.database.idx_products_sku !== "valid", 0.35 * state.cache.misses),
    text: () => "slow statement: sequential scan on products",
  },
  {
    code: "statement_cancelled",
    level: "ERROR",
    rate: ({ state }) => when(state.database.exportCancelled > 0.02, 0.001 * state.web.throughput),
    text: ({ state }) => `statement cancelled after ${state.config.database.statement_timeout_ms} ms`,
  },
  {
    code: "connection_refused",
    level: "ERROR",
    rate: ({ state }) => when(state.database.refused > 0.5 && !state.database.unreachable, state.database.refused),
    text: ({ state }) => `connection refused: ${state.config.database.max_connections} connections in use`,
  },
  {
    code: "read_only_refusal",
    level: "ERROR",
    rate: ({ state }) => when(state.config.database.read_only, state.database.writesBlocked),
    text: () => "INSERT refused on primary: server is read-only",
  },
  {
    code: "recovery_refusal",
    level: "ERROR",
    rate: ({ state }) => when(state.config.web_server.db_host === REPLICA_HOST, 0.12 * state.web.throughput),
    text: () => "INSERT refused on replica: server is in recovery",
  },
  {
    code: "no_space",
    level: "ERROR",
    rate: ({ state }) => when(diskFull(state), state.database.writesBlocked),
    text: ({ state }) => `could not extend file: ${state.config.database.disk_quota_gb} GB in use`,
  },
  {
    code: "lock_wait",
    level: "WARN",
    rate: ({ state }) => when(state.database.lockHeld, 20),
    text: ({ state, serial }) =>
      `waiting for lock on orders; process ${serial} holds it, idle in transaction for ${state.database.lockHeldTicks * TICK_SECONDS} s`,
    past: ({ serial }) =>
      `waited for lock on orders; process ${serial} held it, idle in transaction for ${60 + (serial % 240)} s`,
  },
  {
    code: "idle_session_ended",
    level: "WARN",
    rate: ({ state }) =>
      when(
        state.config.database.idle_in_txn_timeout_ms > 0 && state.config.database.idle_in_txn_timeout_ms < 10_000,
        0.02 * state.queue.consumed,
      ),
    text: ({ state }) => `session ended: idle in transaction for ${state.config.database.idle_in_txn_timeout_ms} ms`,
  },
  {
    code: "inactive_slot",
    level: "WARN",
    rate: ({ state }) =>
      when(state.database.walLeakGbPerHour > 0 && walUnbounded(state.config.database.slot_wal_keep_gb), 0.01),
    text: ({ state }) => `replication slot standby_2 is inactive and retains ${shown(state.database.walRetainedGb)} GB`,
  },
  {
    code: "lag",
    level: "WARN",
    rate: ({ state }) => when(state.database.lagSeconds > 5, 0.05),
    text: ({ state }) => `replica is ${shown(state.database.lagSeconds)} s behind`,
  },
  {
    code: "analytics_session",
    level: "INFO",
    rate: ({ state }) => when(state.config.database.analytics_concurrency >= 4, 0.02),
    text: ({ state }) => `analytics: ${state.config.database.analytics_concurrency} sessions running`,
  },
  {
    code: "autovacuum_skipped",
    level: "WARN",
    rate: ({ state }) => when(!state.config.database.autovacuum, 0.02),
    text: ({ state }) => `autovacuum not run; ${shown(100 * state.database.bloat)} % dead rows in orders`,
  },
  {
    code: "stall",
    level: "WARN",
    rate: ({ state }) => when(state.database.stall > 1.2, 1),
    text: () => "storage answered slowly: fsync above 800 ms",
  },
  {
    code: "failover",
    level: "WARN",
    rate: ({ state }) => when(state.database.failoverTicks >= 0 && state.database.failoverTicks < FRESH, 0.001),
    text: ({ names }) => `promoted to primary; address now ${names["address.standby"]}`,
  },
];
