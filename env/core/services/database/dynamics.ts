import { exp, pow } from "../../maths.ts";
import type { State } from "../../state.ts";
import { TICK_SECONDS } from "../../time.ts";
import { WEB_HOSTS } from "../../topology.ts";
import { TRAFFIC } from "../../traffic.ts";
import { failureAfterRetries, userReads } from "../web-server/dynamics.ts";

export const PRIMARY_HOST = "db-primary.internal";
export const REPLICA_HOST = "db-replica.internal";

/** Execution slots per node. */
export const SLOTS = 16;
/** Carried couplings move a quarter of the way per tick; without it a saturated system alternates between extremes. */
const SMOOTHING = 0.25;
const STATEMENT_SECONDS = 0.0115;
const REPLICA_READS = 0.8;
const ROWS_FACTOR = { orders: 25, products: 12 } as const;
/** An export's heavy query, in slot seconds per export. */
const EXPORT_SLOT_SECONDS = 1.5;
const REFUSED_SECONDS = 0.003;
/** A transaction left open longer than this is not ended in time to matter. */
const LONGEST_USEFUL_IDLE_MS = 120_000;
/** The dead slot's log counts as unbounded from here on. */
const SLOT_KEEP_BOUNDED_GB = 200;
const RECYCLED_GB_PER_TICK = 8;
const DISK_HEADROOM_GB = 1;
const MAX_BLOAT = 0.9;
const MIN_BLOAT = 0.05;
const VACUUM_PER_TICK = 0.04;
const HEALTHY_LAG_SECONDS = 0.2;

/** Whether web calls reach no database at all. */
export function databaseUnreachable(state: State): boolean {
  const { database } = state;
  const host = state.config.web_server.db_host;
  return (
    !database.up ||
    database.outageTicks > 0 ||
    database.pathDown ||
    state.web.staleAddress ||
    (host !== PRIMARY_HOST && host !== REPLICA_HOST)
  );
}

/** The log of an inactive replication slot is kept without a bound. */
export const walUnbounded = (keepGb: number): boolean => keepGb === 0 || keepGb > SLOT_KEEP_BOUNDED_GB;

/** No room to extend a file. */
export const diskFull = (state: State): boolean =>
  state.database.diskGb >= state.config.database.disk_quota_gb - DISK_HEADROOM_GB;

/** Sessions idle in a transaction are ended before they hurt. */
export const idleSessionsEnded = (timeoutMs: number): boolean => timeoutMs > 0 && timeoutMs <= LONGEST_USEFUL_IDLE_MS;

/** Runs one tick of statements on both nodes (design 4.5). A call that timed out still used its slot. */
export function runStatements(state: State): void {
  const { web, database, cache, queue } = state;
  const webConfig = state.config.web_server;
  const config = state.config.database;
  const jobs = queue.consumed;

  // Demand.
  const users = web.throughput * TRAFFIC.user.share;
  const writers = web.throughput * TRAFFIC.write.share;
  const exports = web.throughput * TRAFFIC.export.share;
  const missReads = cache.misses * web.readAttempts;
  const userPageReads = users * userReads(webConfig.flag_recs) * web.readAttempts;
  const prefetch = webConfig.flag_bulk_prefetch ? web.throughput * TRAFFIC.read.share * 0.5 : 0;
  const readsByWeb = (cache.misses + users * userReads(webConfig.flag_recs) + writers) * web.readAttempts + prefetch;
  const writesByWeb = writers * 2 * web.writeAttempts;
  const reads = Math.max(1, readsByWeb + jobs);

  // Service times.
  const base = STATEMENT_SECONDS * database.stall * (1 + 3 * database.bloat) * (1 + 0.6 * (1 - database.buffers));
  const productRows = config.idx_products_sku === "valid" ? 1 : ROWS_FACTOR.products;
  const orderRows = config.idx_orders_user === "valid" ? 1 : ROWS_FACTOR.orders;
  const rowsPerRead =
    (missReads * (0.35 * productRows + 0.65) +
      userPageReads * (0.25 * orderRows + 0.75) +
      (reads - missReads - userPageReads)) /
    reads;
  const readSeconds = base * rowsPerRead;
  const writeSeconds = base * 0.95;

  // Nodes.
  const onReplica = webConfig.db_host === REPLICA_HOST;
  const replicaShare = onReplica ? 1 : config.read_replica_enabled ? REPLICA_READS : 0;
  const analytics = config.analytics_concurrency;
  const leak = connectionLeak(state, webConfig.app_version);
  if (leak > 0) web.leakedPool = Math.min(0.95, web.leakedPool + leak);
  const poolSize = Math.max(1, WEB_HOSTS * webConfig.db_pool_size * (1 - web.leakedPool));
  const consumers = Math.min(state.config.message_queue.consumer_concurrency, state.config.message_queue.max_in_flight);
  const replicaDemand =
    replicaShare > 0
      ? reads * replicaShare * readSeconds + analytics + EXPORT_SLOT_SECONDS * exports * replicaShare
      : 0;
  const checkpointIo = 0.3 * Math.max(0, 300 / config.checkpoint_timeout_s - 1);
  const primaryDemand =
    reads * (1 - replicaShare) * readSeconds +
    ((onReplica ? 0 : writesByWeb) + jobs) * writeSeconds +
    (replicaShare > 0 ? 0 : analytics) +
    EXPORT_SLOT_SECONDS * exports * (1 - replicaShare) +
    checkpointIo;
  const callers = Math.min(poolSize + 0.25 * consumers, config.max_connections);
  const replicaUse = replicaDemand / SLOTS;
  const primaryUse = primaryDemand / SLOTS;
  const primarySeconds = (readSeconds + writeSeconds) / 2;
  const replicaLatency = replicaShare > 0 ? nodeLatency(replicaUse, readSeconds, callers * 0.8) : readSeconds;
  const primaryLatency = nodeLatency(primaryUse, primarySeconds, callers * (1 - 0.5 * replicaShare));
  const readLatency = replicaShare * replicaLatency + (1 - replicaShare) * primaryLatency;

  // Failures per call.
  const limit = webConfig.db_timeout_ms / 1000;
  const lockFailure = database.lockHeld ? 0.6 : 0;
  const writeLatency = database.lockHeld ? 0.4 * primaryLatency + 0.6 * limit : primaryLatency;
  const lateReads =
    replicaShare * lateShare(limit, replicaLatency, readSeconds) +
    (1 - replicaShare) * lateShare(limit, primaryLatency, readSeconds);
  const lateWrites = Math.max(lateShare(limit, primaryLatency, writeSeconds), lockFailure);

  const rate = readsByWeb + writesByWeb;
  const callSeconds =
    (readsByWeb * Math.min(readLatency, limit) + writesByWeb * Math.min(writeLatency, limit)) / Math.max(1, rate);
  const poolUse = (rate * Math.max(1e-4, callSeconds)) / poolSize;
  const shed = replicaShare * lossShare(replicaUse) + (1 - replicaShare) * lossShare(primaryUse);
  const poolFailure = Math.max(shed, poolUse > 1 ? 1 - 1 / poolUse : 0);
  const acquireLimit = webConfig.db_acquire_timeout_ms / 1000;
  let poolWait = poolUse > 0.7 && poolUse <= 1 ? (0.02 * (poolUse - 0.7)) / (1.001 - poolUse) : 0;
  if (poolUse > 1 || poolFailure > 0.01) poolWait = acquireLimit;

  const mostConnections = poolSize + 0.5 * Math.min(consumers, 80) + 12;
  const wanted = Math.min(mostConnections, 1.6 * rate * readLatency + 0.5 * consumers + 12);
  const refused =
    config.max_connections < mostConnections ? Math.max(0, 1 - config.max_connections / Math.max(1, wanted)) : 0;
  const blocked = onReplica || diskFull(state) || config.read_only ? 1 : 0;

  const unreachable = databaseUnreachable(state);
  const vanish = state.web.staleAddress || database.pathDown;
  const readFailure = unreachable ? 1 : 1 - (1 - poolFailure) * (1 - lateReads) * (1 - refused);
  const writeFailure = unreachable ? 1 : 1 - (1 - poolFailure) * (1 - lateWrites) * (1 - refused) * (1 - blocked);
  const silence = vanish ? limit : REFUSED_SECONDS;

  // Carried to the next tick.
  database.readFailure += SMOOTHING * (readFailure - database.readFailure);
  database.writeFailure += SMOOTHING * (writeFailure - database.writeFailure);
  database.readLatency += SMOOTHING * (Math.min(unreachable ? silence : readLatency, limit) - database.readLatency);
  database.writeLatency += SMOOTHING * (Math.min(unreachable ? silence : writeLatency, limit) - database.writeLatency);
  database.poolWait += SMOOTHING * (Math.min(unreachable ? 0 : poolWait, acquireLimit) - database.poolWait);
  database.readFailureAfterRetry = failureAfterRetries(readFailure, webConfig.retry_max, webConfig.retry_budget_pct);
  database.writeFailureAfterRetry = failureAfterRetries(writeFailure, webConfig.retry_max, webConfig.retry_budget_pct);

  // Readings.
  database.writeFailureNow = writeFailure;
  const statementTimeout = config.statement_timeout_ms / 1000;
  database.exportCancelled = statementTimeout <= 1.5 ? 1 : exp(-(statementTimeout - 1.5) / 1.2);
  database.unreachable = unreachable;
  database.reads = unreachable ? jobsOnly(state, jobs) : reads;
  database.writes = unreachable ? jobsOnly(state, jobs) : (onReplica ? 0 : writesByWeb) + jobs;
  database.replicaShare = replicaShare;
  database.replicaUse = replicaUse;
  database.primaryUse = primaryUse;
  database.replicaLatency = replicaLatency;
  database.primaryLatency = primaryLatency;
  database.rowsPerRead = rowsPerRead;
  database.connections = Math.min(
    config.max_connections,
    Math.min(poolSize, (rate * Math.max(readLatency, 0.004)) / 0.85) +
      Math.min(consumers, 0.3 * jobs) +
      12 +
      2 * analytics,
  );
  database.refused = refused * rate;
  database.timedOutReads = unreachable ? 0 : lateReads;
  database.timedOutWrites = unreachable ? 0 : lateWrites;
  database.writesBlocked = blocked * writesByWeb;
  web.poolUse = unreachable ? 0 : poolUse;
  keepHouse(state, replicaUse);
}

/** A process that is down answers nothing; behind a broken path consumers still reach it. */
const jobsOnly = (state: State, jobs: number): number =>
  state.database.up && state.database.outageTicks === 0 ? jobs : 0;

/** Latency of a node; at saturation the closed loop of `callers` bounds it. */
function nodeLatency(use: number, seconds: number, callers: number): number {
  const most = Math.max(seconds, (callers * seconds) / SLOTS);
  if (use >= 0.995) return most;
  return Math.min(most, seconds * (1 + (4 * pow(use, 4.83)) / (SLOTS * (1 - use))));
}

const lossShare = (use: number): number => (use < 0.995 ? 0 : 1 - 1 / use);

/** Share of calls slower than the client's limit. */
function lateShare(limit: number, latency: number, seconds: number): number {
  return limit <= seconds ? 1 : exp(-(limit - seconds) / Math.max(1e-4, latency - 0.5 * seconds));
}

function connectionLeak(state: State, version: string): number {
  for (const release of state.releases) if (release.version === version) return release.connectionLeak;
  return 0;
}

/** What grows and shrinks between queries: disk, bloat, buffers, locks, replica lag. */
function keepHouse(state: State, replicaUse: number): void {
  const { database } = state;
  const config = state.config.database;
  const unbounded = walUnbounded(config.slot_wal_keep_gb);
  const walGrowth = unbounded ? database.walLeakGbPerHour : 0;
  if (database.walLeakGbPerHour > 0 && !unbounded) {
    database.diskGb = Math.max(database.diskBaseGb, database.diskGb - RECYCLED_GB_PER_TICK);
    database.walRetainedGb = Math.max(0, database.walRetainedGb - RECYCLED_GB_PER_TICK);
  }
  const hours = TICK_SECONDS / 3600;
  database.walRetainedGb += walGrowth * hours;
  database.diskGb = Math.min(
    config.disk_quota_gb,
    database.diskGb + (database.diskGrowthGbPerHour + walGrowth) * hours,
  );
  database.bloat = config.autovacuum
    ? Math.max(MIN_BLOAT, database.bloat - VACUUM_PER_TICK)
    : Math.min(MAX_BLOAT, database.bloat + database.bloatPerHour * hours);
  database.buffers = Math.min(1, database.buffers + 0.08);

  const ended = idleSessionsEnded(config.idle_in_txn_timeout_ms);
  if (database.lockHeld && ended) database.lockHeld = false;
  const returns = database.lockEveryTicks > 0 && state.tick % database.lockEveryTicks === 0;
  if (returns && !ended) database.lockHeld = true;
  database.lockHeldTicks = database.lockHeld ? database.lockHeldTicks + 1 : 0;
  if (database.failoverTicks >= 0) database.failoverTicks += 1;

  if (database.replicaShare > 0) {
    const crowded = config.analytics_concurrency >= 6;
    if (replicaUse > 0.92 || crowded) database.lagSeconds += TICK_SECONDS * (crowded ? 0.5 : 0.3);
    else database.lagSeconds = Math.max(HEALTHY_LAG_SECONDS, database.lagSeconds * 0.5);
  }
  database.staleReads =
    database.lagSeconds > 5 ? 0.25 * Math.min(1, database.lagSeconds / 40) * database.replicaShare : 0;
}

/** Restarts both nodes: buffers cold, locks freed; configuration and disk survive. */
export function restartDatabase(state: State, outageTicks: number): void {
  state.database.up = true;
  state.database.outageTicks = outageTicks;
  state.database.buffers = 0;
  state.database.lockHeld = false;
}
