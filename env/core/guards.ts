import { insideEnvelope, keyDef, readKey } from "./services/config.ts";
import { idleSessionsEnded, walUnbounded } from "./services/database/dynamics.ts";
import { findCertificate } from "./services/load-balancer/dynamics.ts";
import type { State } from "./state.ts";
import { ticks } from "./time.ts";
import type { ServiceName } from "./topology.ts";

/** A key that the agent changed. */
export interface TouchedKey {
  readonly service: ServiceName;
  readonly key: string;
}

interface Guard {
  readonly name: string;
  readonly fails: (state: State) => boolean;
}

const DISK_HOURS = 24;
const CERTIFICATE_TICKS = ticks(7 * 24, "h");
const BACKLOG = 2000;
const SHED_MARGIN = 1.2;

/** What is green now and bad later. Evaluated at judgement, never shown to an agent. */
const GUARDS: readonly Guard[] = [
  { name: "disk_full_within_24h", fails: (s) => hoursToFullDisk(s) < DISK_HOURS },
  { name: "release_leaks", fails: releaseLeaks },
  {
    name: "certificate_ends_within_7d",
    fails: (s) => certificateEnds(s, "load_balancer") || certificateEnds(s, "message_queue"),
  },
  { name: "bloat_grows", fails: (s) => s.database.bloatPerHour > 0 && !s.config.database.autovacuum },
  {
    name: "lock_returns",
    fails: (s) => s.database.lockEveryTicks > 0 && !idleSessionsEnded(s.config.database.idle_in_txn_timeout_ms),
  },
  { name: "address_pinned", fails: (s) => s.config.web_server.dns_cache_ttl_s < 0 },
  { name: "backlog_stays", fails: backlogStays },
  { name: "still_shedding", fails: stillShedding },
  { name: "dead_workers", fails: (s) => !s.web.respawn && s.web.aliveShare.some((alive) => alive < 0.5) },
  { name: "hung_consumers", fails: (s) => s.queue.hungShare > 0.2 },
  {
    name: "index_invalid",
    fails: (s) => s.config.database.idx_orders_user !== "valid" || s.config.database.idx_products_sku !== "valid",
  },
];

/** The guards that fail, then one `envelope:service.key` for each touched key outside its hidden envelope. */
export function failingGuards(state: State, touched: readonly TouchedKey[]): string[] {
  const failing = GUARDS.filter((guard) => guard.fails(state)).map((guard) => guard.name);
  for (const { service, key } of touched) {
    const def = keyDef(service, key);
    if (def !== undefined && !insideEnvelope(def, readKey(state.config, service, key))) {
      failing.push(`envelope:${service}.${key}`);
    }
  }
  return failing;
}

function hoursToFullDisk(state: State): number {
  const { database } = state;
  const wal = walUnbounded(state.config.database.slot_wal_keep_gb) ? database.walLeakGbPerHour : 0;
  return (state.config.database.disk_quota_gb - database.diskGb) / (database.diskGrowthGbPerHour + wal + 1e-9);
}

function releaseLeaks(state: State): boolean {
  const running = state.releases.find((release) => release.version === state.config.web_server.app_version);
  return running !== undefined && (running.leakMb > 0 || running.connectionLeak > 0);
}

function certificateEnds(state: State, service: "load_balancer" | "message_queue"): boolean {
  const certificate = findCertificate(state, state.config[service].tls_cert_id);
  return certificate === undefined || certificate.notAfterTick - state.tick < CERTIFICATE_TICKS;
}

function backlogStays(state: State): boolean {
  const { queue } = state;
  return queue.depth > BACKLOG && queue.capacity < 1.05 * (queue.publishedByWeb + queue.publishedByBatch);
}

function stillShedding(state: State): boolean {
  const limit = state.config.load_balancer.rate_limit_rps;
  return limit > 0 && limit < SHED_MARGIN * state.load.base;
}
