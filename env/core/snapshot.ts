import { defaultConfig } from "./services/config.ts";
import { emptyRing } from "./slo.ts";
import type { State } from "./state.ts";
import { HISTORY_LENGTH } from "./telemetry/history.ts";
import { WEB_HOSTS } from "./topology.ts";
import { BASE_RPS } from "./traffic.ts";

/**
 * A deep copy that shares nothing with the original.
 *
 * Every group is spread from the same template and then filled in. A copy that were spread from the source itself
 * would get a hidden class of its own each time, and the tick would slow down with every copy of a copy.
 */
export function cloneState(source: State): State {
  const { config } = source;
  const web = withOwnLists({ ...COLD.web }, source.web);
  web.routes = Object.assign({ ...COLD.web.routes }, source.web.routes);
  return {
    tick: source.tick,
    config: {
      load_balancer: Object.assign({ ...COLD.config.load_balancer }, config.load_balancer),
      web_server: Object.assign({ ...COLD.config.web_server }, config.web_server),
      cache: Object.assign({ ...COLD.config.cache }, config.cache),
      database: Object.assign({ ...COLD.config.database }, config.database),
      message_queue: Object.assign({ ...COLD.config.message_queue }, config.message_queue),
    },
    load: Object.assign({ ...COLD.load }, source.load),
    edge: withOwnLists({ ...COLD.edge }, source.edge),
    web,
    cache: Object.assign({ ...COLD.cache }, source.cache),
    database: Object.assign({ ...COLD.database }, source.database),
    queue: Object.assign({ ...COLD.queue }, source.queue),
    levels: withOwnLists({ ...COLD.levels }, source.levels),
    certificates: source.certificates.map((item) => Object.assign({}, item)),
    releases: source.releases.map((item) => Object.assign({}, item)),
    builds: source.builds.map((item) => Object.assign({}, item)),
    changesMade: source.changesMade.slice(),
    restartTicks: Object.assign({ ...COLD.restartTicks }, source.restartTicks),
    history: source.history.slice(),
  };
}

/** Fills a fresh group with the fields of another; lists are copied, not shared. */
function withOwnLists<Group extends object>(fresh: Group, source: Group): Group {
  Object.assign(fresh, source);
  for (const key in fresh) {
    const value = fresh[key];
    if (Array.isArray(value)) fresh[key] = value.slice() as typeof value;
  }
  return fresh;
}

/** The state as plain JSON data. */
export const snapshotState = (state: State): unknown =>
  JSON.parse(JSON.stringify({ ...state, history: Array.from(state.history) }));

/** Rebuilds a state from `snapshotState`; nothing is shared with the snapshot. */
export function restoreState(snapshot: unknown): State {
  const plain = snapshot as Omit<State, "history"> & { history: number[] };
  return cloneState({ ...plain, history: Float32Array.from(plain.history) });
}

function hosts<T>(value: T): T[] {
  return Array<T>(WEB_HOSTS).fill(value);
}

/**
 * A system that has just been switched on, with default configuration at the base load. Readings begin at a half, so
 * that V8 keeps their fields as doubles from the start; the first tick overwrites them.
 */
export function coldState(): State {
  return {
    tick: 0,
    config: defaultConfig(),
    load: { base: BASE_RPS, surge: 1, userFailure: 0 },
    edge: {
      outageTicks: 0,
      healthy: hosts(true),
      failedProbes: hosts(0),
      pinnedHost: 0,
      offered: 0.5,
      accepted: 0.5,
      rateLimited: 0.5,
      rejected: 0.5,
      tlsFailures: 0.5,
      connectionUse: 0.5,
      attemptsPerRequest: 1.5,
      attemptFailure: 0,
      share: hosts(0.25),
      probeSeconds: hosts(0.004),
      probeFailed: hosts(false),
      ejections: hosts(0),
    },
    web: {
      outageTicks: 0,
      respawn: true,
      startMemoryMb: 1500,
      leakedPool: 0,
      staleAddress: false,
      paymentFailure: 0,
      aliveShare: hosts(1),
      memoryMb: hosts(1500),
      slowFactor: hosts(1),
      rps: hosts(0.5),
      busy: hosts(0.5),
      cpu: hosts(0.5),
      wait: hosts(0.5),
      rejected503: hosts(0.5),
      rejected429: hosts(0.5),
      oomKilled: hosts(false),
      throughput: 0.5,
      meanWait: 0.5,
      tierSuccess: 0.5,
      meanResponse: 0.02,
      cacheFailure: 0.5,
      cacheTime: 0.001,
      readAttempts: 1.5,
      writeAttempts: 1.5,
      poolUse: 0.5,
      routes: {
        readFailure: 0.5,
        userFailure: 0.5,
        writeFailure: 0.5,
        exportFailure: 0.5,
        readSeconds: 0.5,
        userSeconds: 0.5,
        writeSeconds: 0.5,
        exportSeconds: 0.5,
      },
    },
    cache: {
      up: true,
      outageTicks: 0,
      uptimeTicks: 100_001,
      warmth: 0.95,
      workingSetMb: 2600,
      workingSetMbPerHour: 0,
      compressionRatio: 2.4,
      hit: 0.93,
      servedHit: 0.93,
      reachable: true,
      tokenRejected: false,
      lookups: 0.5,
      misses: 0.5,
      evictions: 0.5,
      refusedClients: 0.5,
    },
    database: {
      up: true,
      outageTicks: 0,
      pathDown: false,
      buffers: 1,
      bloat: 0.05,
      bloatPerHour: 0,
      diskGb: 300,
      diskBaseGb: 300,
      diskGrowthGbPerHour: 0.4,
      walLeakGbPerHour: 0,
      walRetainedGb: 0,
      lockHeld: false,
      lockEveryTicks: 0,
      lockHeldTicks: 0,
      lagSeconds: 0.2,
      stall: 1,
      failoverTicks: -1,
      readLatency: 0.012,
      writeLatency: 0.012,
      poolWait: 0,
      readFailure: 0,
      writeFailure: 0,
      unreachable: false,
      reads: 0.5,
      writes: 0.5,
      replicaUse: 0.5,
      primaryUse: 0.5,
      replicaLatency: 0.5,
      primaryLatency: 0.5,
      replicaShare: 0.8,
      rowsPerRead: 1.5,
      connections: 0.5,
      refused: 0.5,
      timedOutReads: 0.5,
      timedOutWrites: 0.5,
      writesBlocked: 0.5,
      writeFailureNow: 0.5,
      readFailureAfterRetry: 0.5,
      writeFailureAfterRetry: 0.5,
      staleReads: 0.5,
      exportCancelled: 0.5,
    },
    queue: {
      up: true,
      outageTicks: 0,
      depth: 30,
      oldestAge: 0,
      poisonShare: 0,
      transientFailure: 0.06,
      heavyShare: 0.02,
      hungShare: 0,
      staleSessions: 0,
      hotShare: 0,
      batchRate: 0,
      batchUsual: 0,
      publishLatency: 0.006,
      publishFailure: 0,
      consumed: 140,
      publishedByWeb: 0.5,
      publishedByBatch: 0.5,
      capacity: 0.5,
      jobSeconds: 0.5,
      duplicates: 0.5,
      deadLetters: 0.5,
    },
    levels: { ring: emptyRing(), cursor: 0 },
    certificates: [
      { id: "edge-b", service: "load_balancer", notBeforeTick: -1e9, notAfterTick: 1e9, nameOk: true },
      { id: "mq-b", service: "message_queue", notBeforeTick: -1e9, notAfterTick: 1e9, nameOk: true },
    ],
    releases: [],
    builds: [],
    changesMade: [],
    restartTicks: { load_balancer: -1, web_server: -1, cache: -1, database: -1, message_queue: -1 },
    history: new Float32Array(HISTORY_LENGTH),
  };
}

/** The template of every state. */
const COLD = coldState();
