import type { Config } from "./services/config.ts";
import type { ConfigValue } from "./services/keys.ts";
import type { ServiceName } from "./topology.ts";

/**
 * The whole hidden truth of one episode, as plain data. `tick` and the actions write into it in place and nowhere
 * else. Fields are in base units: seconds, megabytes, gigabytes, ratios, per second; exceptions say so in their name.
 *
 * Every service holds what lasts (processes, contents, queues) and what it measured in its last tick; a service reads
 * of its dependencies only the latter, so that one tick is one straight pass.
 */
export interface State {
  /** Ticks since the steady state; the page comes at `pageTick`. */
  tick: number;
  config: Config;
  load: LoadState;
  edge: EdgeState;
  web: WebState;
  cache: CacheState;
  database: DatabaseState;
  queue: QueueState;
  levels: LevelsState;
  certificates: Certificate[];
  releases: Release[];
  /** Index builds under way: the key turns valid when `ticksLeft` runs out. */
  builds: { key: "idx_orders_user" | "idx_products_sku"; ticksLeft: number }[];
  /** Configuration that the agent changed, in order. */
  changesMade: ConfigChange[];
  /** Tick at which each service was last restarted in this episode; −1: not. */
  restartTicks: Record<ServiceName, number>;
  /** Means of every metric row over 5 and 30 minutes, and its healthy value; see `telemetry/history.ts`. */
  history: Float32Array;
}

export interface LoadState {
  /** Requests per second of an ordinary hour. */
  base: number;
  /** Factor on the base load. */
  surge: number;
  /** Users try again when they fail: share of failed requests of the last tick. */
  userFailure: number;
}

export interface EdgeState {
  outageTicks: number;
  /** Per host. */
  healthy: boolean[];
  failedProbes: number[];
  /** Host that sticky sessions pile on. */
  pinnedHost: number;
  // Measured in the last tick.
  offered: number;
  accepted: number;
  rateLimited: number;
  rejected: number;
  tlsFailures: number;
  connectionUse: number;
  attemptsPerRequest: number;
  /** Failure per attempt, before the edge's own retries. */
  attemptFailure: number;
  share: number[];
  probeSeconds: number[];
  probeFailed: boolean[];
  ejections: number[];
}

export interface WebState {
  outageTicks: number;
  /** A supervisor replaces dead workers. */
  respawn: boolean;
  startMemoryMb: number;
  /** Share of database connections that a leaking release has lost. */
  leakedPool: number;
  /** The web tier still talks to the address that the database had before a failover. */
  staleAddress: boolean;
  /** Share of payment calls that fail at the provider. */
  paymentFailure: number;
  // Per host.
  aliveShare: number[];
  memoryMb: number[];
  slowFactor: number[];
  // Measured in the last tick, per host.
  rps: number[];
  busy: number[];
  cpu: number[];
  wait: number[];
  rejected503: number[];
  rejected429: number[];
  oomKilled: boolean[];
  // Measured in the last tick.
  throughput: number;
  meanWait: number;
  tierSuccess: number;
  meanResponse: number;
  cacheFailure: number;
  cacheTime: number;
  readAttempts: number;
  writeAttempts: number;
  poolUse: number;
  routes: RouteState;
}

/** Failure ratio and time of the four request classes, as users see them behind the edge. */
export interface RouteState {
  readFailure: number;
  userFailure: number;
  writeFailure: number;
  exportFailure: number;
  readSeconds: number;
  userSeconds: number;
  writeSeconds: number;
  exportSeconds: number;
}

export interface CacheState {
  up: boolean;
  outageTicks: number;
  /** Ticks since the process started. */
  uptimeTicks: number;
  /** Traffic-weighted share of the working set present. */
  warmth: number;
  workingSetMb: number;
  workingSetMbPerHour: number;
  compressionRatio: number;
  // Measured in the last tick.
  hit: number;
  /** Share of reads that the cache answered for the web tier. */
  servedHit: number;
  reachable: boolean;
  tokenRejected: boolean;
  lookups: number;
  misses: number;
  evictions: number;
  refusedClients: number;
}

export interface DatabaseState {
  up: boolean;
  outageTicks: number;
  /** Packets between web and database vanish. */
  pathDown: boolean;
  /** Share of the buffers that is warm. */
  buffers: number;
  bloat: number;
  bloatPerHour: number;
  diskGb: number;
  diskBaseGb: number;
  diskGrowthGbPerHour: number;
  walLeakGbPerHour: number;
  walRetainedGb: number;
  lockHeld: boolean;
  /** Ticks between two appearances of the same lock holder; 0: there is none. */
  lockEveryTicks: number;
  lockHeldTicks: number;
  lagSeconds: number;
  /** Factor on every statement. */
  stall: number;
  /** Ticks since a failover moved the primary; −1: none. */
  failoverTicks: number;
  // Carried to the next tick, smoothed.
  readLatency: number;
  writeLatency: number;
  poolWait: number;
  readFailure: number;
  writeFailure: number;
  // Measured in the last tick.
  unreachable: boolean;
  reads: number;
  writes: number;
  replicaUse: number;
  primaryUse: number;
  replicaLatency: number;
  primaryLatency: number;
  replicaShare: number;
  rowsPerRead: number;
  connections: number;
  refused: number;
  timedOutReads: number;
  timedOutWrites: number;
  writesBlocked: number;
  /** Write failure of one call in this tick, before smoothing. */
  writeFailureNow: number;
  /** Read and write failure after retries. */
  readFailureAfterRetry: number;
  writeFailureAfterRetry: number;
  staleReads: number;
  exportCancelled: number;
}

export interface QueueState {
  up: boolean;
  outageTicks: number;
  depth: number;
  oldestAge: number;
  poisonShare: number;
  transientFailure: number;
  heavyShare: number;
  hungShare: number;
  /** Share of deliveries that an old generation of consumers holds with stale sessions. */
  staleSessions: number;
  /** Share of messages on the hottest partition when partitioned by region. */
  hotShare: number;
  /** Messages per second that the batch tenant would publish, and its usual rate. */
  batchRate: number;
  batchUsual: number;
  // Carried and measured.
  publishLatency: number;
  publishFailure: number;
  consumed: number;
  publishedByWeb: number;
  publishedByBatch: number;
  capacity: number;
  jobSeconds: number;
  duplicates: number;
  deadLetters: number;
}

/** Service levels: the last eight ticks of each indicator, one ring for all. */
export interface LevelsState {
  /** SLI_COUNT values per tick, RING_TICKS ticks; the newest at `ring[cursor * SLI_COUNT]`. */
  ring: number[];
  cursor: number;
}

export interface Certificate {
  id: string;
  service: "load_balancer" | "message_queue";
  /** Ticks relative to the steady state; a certificate is valid in between. */
  notBeforeTick: number;
  notAfterTick: number;
  /** Whether the names in it match the service. */
  nameOk: boolean;
}

export interface ConfigChange {
  tick: number;
  service: ServiceName;
  key: string;
  from: ConfigValue;
  to: ConfigValue;
}

export interface Release {
  version: string;
  /** Megabytes lost per 1,000 requests and host. */
  leakMb: number;
  /** Share of pooled connections lost per tick. */
  connectionLeak: number;
}
