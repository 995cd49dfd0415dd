import type { State } from "../../state.ts";
import { count, exact, measure, ratio, rowTable } from "../../telemetry/rows.ts";
import { TICK_SECONDS } from "../../time.ts";
import { walUnbounded } from "./dynamics.ts";

export const databaseRows = rowTable({
  "queries_per_s{primary}": measure("1/s"),
  "queries_per_s{replica}": measure("1/s"),
  "slot_use_ratio{primary}": ratio,
  "slot_use_ratio{replica}": ratio,
  "latency_ms{primary}": measure("ms"),
  "latency_ms{replica}": measure("ms"),
  "rows_per_query{primary}": measure("rows"),
  "rows_per_query{replica}": measure("rows"),
  connections: count("connections"),
  refused_per_s: measure("1/s"),
  lock_wait_ms: measure("ms"),
  idle_in_txn_age_s: exact("s"),
  write_rejects_per_s: measure("1/s"),
  dead_tuple_ratio: ratio,
  disk_used_gb: exact("GB"),
  disk_growth_gb_per_h: measure("GB/h"),
  wal_retained_gb: exact("GB"),
  lag_s: measure("s"),
  analytics_sessions: exact("sessions"),
  buffer_hit_ratio: ratio,
});

/** Rows that an ordinary query reads. */
const ROWS_PER_QUERY = 8;

export function sampleDatabase(state: State, out: Float32Array, base: number): void {
  const { database } = state;
  const { at } = databaseRows;
  const up = database.up && database.outageTicks === 0 ? 1 : 0;
  const served = up === 1 && !database.unreachable ? 1 : 0;
  out[base + at["queries_per_s{primary}"]] = up * (database.reads * (1 - database.replicaShare) + database.writes);
  out[base + at["queries_per_s{replica}"]] = up * database.reads * database.replicaShare;
  out[base + at["slot_use_ratio{primary}"]] = served * Math.min(1, database.primaryUse);
  out[base + at["slot_use_ratio{replica}"]] = served * Math.min(1, database.replicaUse);
  out[base + at["latency_ms{primary}"]] = up * 1000 * database.primaryLatency;
  out[base + at["latency_ms{replica}"]] = up * 1000 * database.replicaLatency;
  out[base + at["rows_per_query{primary}"]] = up * ROWS_PER_QUERY * database.rowsPerRead;
  out[base + at["rows_per_query{replica}"]] = up * ROWS_PER_QUERY * database.rowsPerRead;
  out[base + at.connections] = up * database.connections;
  out[base + at.refused_per_s] = database.refused;
  out[base + at.lock_wait_ms] = database.lockHeld ? 1000 * database.writeLatency : 0;
  out[base + at.idle_in_txn_age_s] = database.lockHeldTicks * TICK_SECONDS;
  out[base + at.write_rejects_per_s] = database.writesBlocked;
  out[base + at.dead_tuple_ratio] = database.bloat;
  out[base + at.disk_used_gb] = database.diskGb;
  out[base + at.disk_growth_gb_per_h] = diskGrowth(state);
  out[base + at.wal_retained_gb] = database.walRetainedGb;
  out[base + at.lag_s] = database.lagSeconds;
  out[base + at.analytics_sessions] = state.config.database.analytics_concurrency;
  out[base + at.buffer_hit_ratio] = 0.9 + 0.09 * database.buffers;
}

/** Growth as the disk would show it: none when it is full. */
function diskGrowth(state: State): number {
  const { database } = state;
  if (database.diskGb >= state.config.database.disk_quota_gb) return 0;
  const wal = walUnbounded(state.config.database.slot_wal_keep_gb) ? database.walLeakGbPerHour : 0;
  return database.diskGrowthGbPerHour + wal;
}
