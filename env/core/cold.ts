import { defaultConfig } from "./services/config.ts";
import { emptyRing } from "./slo.ts";
import type { State } from "./state.ts";
import { HISTORY_LENGTH } from "./telemetry/history.ts";
import { BASE_RPS } from "./traffic.ts";

/**
 * A number that may turn fractional. V8 chooses how to store a field by the first value that it sees there: were it a
 * whole one, every state would change its hidden class on the way, and the tick would slow down for all.
 */
const F = 0.5;

/** The shape of every state, to be filled in. All states are made here, so that they have one hidden class. */
export function blankState(): State {
  return {
    tick: 0,
    config: defaultConfig(),
    load: { base: F, surge: F, userFailure: F },
    edge: {
      outageTicks: 0,
      healthy: [true, true, true, true],
      failedProbes: [F, F, F, F],
      pinnedHost: 0,
      offered: F,
      accepted: F,
      rateLimited: F,
      rejected: F,
      tlsFailures: F,
      connectionUse: F,
      attemptsPerRequest: F,
      attemptFailure: F,
      share: [F, F, F, F],
      probeSeconds: [F, F, F, F],
      probeFailed: [false, false, false, false],
      ejections: [F, F, F, F],
    },
    web: {
      outageTicks: 0,
      respawn: true,
      startMemoryMb: F,
      leakedPool: F,
      staleAddress: false,
      paymentFailure: F,
      aliveShare: [F, F, F, F],
      memoryMb: [F, F, F, F],
      slowFactor: [F, F, F, F],
      rps: [F, F, F, F],
      busy: [F, F, F, F],
      cpu: [F, F, F, F],
      wait: [F, F, F, F],
      rejected503: [F, F, F, F],
      rejected429: [F, F, F, F],
      oomKilled: [false, false, false, false],
      throughput: F,
      meanWait: F,
      tierSuccess: F,
      meanResponse: F,
      cacheFailure: F,
      cacheTime: F,
      readAttempts: F,
      writeAttempts: F,
      poolUse: F,
      routes: {
        readFailure: F,
        userFailure: F,
        writeFailure: F,
        exportFailure: F,
        readSeconds: F,
        userSeconds: F,
        writeSeconds: F,
        exportSeconds: F,
      },
    },
    cache: {
      up: true,
      outageTicks: 0,
      uptimeTicks: 100_001,
      warmth: F,
      workingSetMb: F,
      workingSetMbPerHour: F,
      compressionRatio: F,
      hit: F,
      servedHit: F,
      reachable: true,
      tokenRejected: false,
      lookups: F,
      misses: F,
      evictions: F,
      refusedClients: F,
    },
    database: {
      up: true,
      outageTicks: 0,
      pathDown: false,
      buffers: F,
      bloat: F,
      bloatPerHour: F,
      diskGb: F,
      diskBaseGb: F,
      diskGrowthGbPerHour: F,
      walLeakGbPerHour: F,
      walRetainedGb: F,
      lockHeld: false,
      lockEveryTicks: 0,
      lockHeldTicks: 0,
      lagSeconds: F,
      stall: F,
      failoverTicks: -1,
      readLatency: F,
      writeLatency: F,
      poolWait: F,
      readFailure: F,
      writeFailure: F,
      unreachable: false,
      reads: F,
      writes: F,
      replicaUse: F,
      primaryUse: F,
      replicaLatency: F,
      primaryLatency: F,
      replicaShare: F,
      rowsPerRead: F,
      connections: F,
      refused: F,
      timedOutReads: F,
      timedOutWrites: F,
      writesBlocked: F,
      writeFailureNow: F,
      readFailureAfterRetry: F,
      writeFailureAfterRetry: F,
      staleReads: F,
      exportCancelled: F,
    },
    queue: {
      up: true,
      outageTicks: 0,
      depth: F,
      oldestAge: F,
      poisonShare: F,
      transientFailure: F,
      heavyShare: F,
      hungShare: F,
      staleSessions: F,
      hotShare: F,
      batchRate: F,
      batchUsual: F,
      publishLatency: F,
      publishFailure: F,
      consumed: F,
      publishedByWeb: F,
      publishedByBatch: F,
      capacity: F,
      jobSeconds: F,
      duplicates: F,
      deadLetters: F,
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

/** A system that has just been switched on, with default configuration at the base load. */
export function coldState(): State {
  const state = blankState();
  setAll(state.load, { base: BASE_RPS, surge: 1, userFailure: 0 });
  setAll(state.edge, { failedProbes: 0, attemptFailure: 0, share: 0.25, probeSeconds: 0.004, ejections: 0 });
  setAll(state.web, {
    startMemoryMb: 1500,
    leakedPool: 0,
    paymentFailure: 0,
    aliveShare: 1,
    memoryMb: 1500,
    slowFactor: 1,
    meanResponse: 0.02,
    cacheTime: 0.001,
  });
  setAll(state.cache, {
    warmth: 0.95,
    workingSetMb: 2600,
    workingSetMbPerHour: 0,
    compressionRatio: 2.4,
    hit: 0.93,
    servedHit: 0.93,
  });
  setAll(state.database, {
    buffers: 1,
    bloat: 0.05,
    bloatPerHour: 0,
    diskGb: 300,
    diskBaseGb: 300,
    diskGrowthGbPerHour: 0.4,
    walLeakGbPerHour: 0,
    walRetainedGb: 0,
    lagSeconds: 0.2,
    stall: 1,
    readLatency: 0.012,
    writeLatency: 0.012,
    poolWait: 0,
    readFailure: 0,
    writeFailure: 0,
    replicaShare: 0.8,
  });
  setAll(state.queue, {
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
  });
  return state;
}

/** Sets fields of a group; a number given for a list is meant for each of its items. */
function setAll<Group extends object>(group: Group, values: { readonly [Key in keyof Group]?: number }): void {
  for (const [key, value] of Object.entries(values) as [keyof Group, number][]) {
    const field = group[key];
    if (Array.isArray(field)) field.fill(value);
    else (group as Record<keyof Group, unknown>)[key] = value;
  }
}
