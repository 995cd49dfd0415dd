import { percent, shown, when } from "../../telemetry/log-lines.ts";
import type { LogCondition, LogContext } from "../../telemetry/log-lines.ts";
import { plainMean } from "../../telemetry/rows.ts";
import { EXPORT_SECONDS, TRAFFIC } from "../../traffic.ts";
import { hostName } from "../../topology.ts";
import { CACHE_HOST } from "../cache/dynamics.ts";
import { diskFull, PRIMARY_HOST, REPLICA_HOST } from "../database/dynamics.ts";

const reads = ({ state }: LogContext): number => state.web.throughput * TRAFFIC.read.share;
const writes = ({ state }: LogContext): number => state.web.throughput * TRAFFIC.write.share;
const knownDatabase = (host: string): boolean => host === PRIMARY_HOST || host === REPLICA_HOST;

/** Lines about the database, as the web tier sees it. */
const databaseLines: readonly LogCondition[] = [
  {
    code: "db_connect_silent",
    level: "ERROR",
    rate: (c) => when(c.state.web.staleAddress || c.state.database.pathDown, reads(c)),
    text: ({ state, names }) => {
      const address = names["address.primary"];
      const via = state.database.pathDown ? ` (network ${names["provider.network"]}: no route reply)` : "";
      return `connect ${state.config.web_server.db_host} at ${address}: no answer within ${state.config.web_server.db_timeout_ms} ms${via}`;
    },
  },
  {
    code: "db_connect_refused",
    level: "ERROR",
    rate: (c) =>
      when(c.state.database.unreachable && !c.state.web.staleAddress && !c.state.database.pathDown, reads(c)),
    text: ({ state }) =>
      knownDatabase(state.config.web_server.db_host)
        ? `connect ${state.config.web_server.db_host}: refused`
        : `cannot resolve ${state.config.web_server.db_host}`,
  },
  {
    code: "pool_acquire_timeout",
    level: "ERROR",
    rate: (c) =>
      when(c.state.database.poolWait * 2000 > c.state.config.web_server.db_acquire_timeout_ms, reads(c) * 0.2),
    text: ({ state }) =>
      `no pooled database connection free within ${state.config.web_server.db_acquire_timeout_ms} ms`,
  },
  {
    code: "query_timeout",
    level: "ERROR",
    rate: (c) => when(c.state.database.timedOutReads > 0.005, reads(c) * c.state.database.timedOutReads),
    text: ({ state }) => `query gave no answer within ${state.config.web_server.db_timeout_ms} ms`,
  },
  {
    code: "db_too_many_connections",
    level: "ERROR",
    rate: ({ state }) => when(state.database.refused > 0.5 && !state.database.unreachable, state.database.refused),
    text: () => "database answered: too many connections",
  },
  {
    code: "write_refused",
    level: "ERROR",
    rate: (c) =>
      when(
        !c.state.database.unreachable &&
          (c.state.config.database.read_only || c.state.config.web_server.db_host === REPLICA_HOST),
        writes(c),
      ),
    text: ({ state }) => `INSERT at ${state.config.web_server.db_host} refused: read-only transaction`,
  },
  {
    code: "write_no_space",
    level: "ERROR",
    rate: (c) => when(!c.state.database.unreachable && diskFull(c.state), writes(c)),
    text: ({ state }) => `INSERT at ${state.config.web_server.db_host} failed: could not extend file`,
  },
];

/** Lines about the cache, the queue and the payment provider, as the web tier sees them. */
const dependencyLines: readonly LogCondition[] = [
  {
    code: "cache_refused",
    level: "WARN",
    rate: (c) => when(c.state.config.web_server.use_cache && !c.state.cache.up, reads(c)),
    text: ({ state }) => `cache ${state.config.web_server.cache_host}: connection refused`,
  },
  {
    code: "cache_resolve",
    level: "WARN",
    rate: (c) =>
      when(c.state.config.web_server.use_cache && c.state.config.web_server.cache_host !== CACHE_HOST, reads(c)),
    text: ({ state }) => `cache ${state.config.web_server.cache_host}: name does not resolve`,
  },
  {
    code: "cache_auth",
    level: "WARN",
    rate: (c) => when(c.state.cache.tokenRejected, reads(c)),
    text: ({ state }) =>
      `cache ${state.config.web_server.cache_host}: token ${state.config.web_server.cache_token_id} not accepted`,
  },
  {
    code: "cache_timeout",
    level: "WARN",
    rate: (c) => when(c.state.config.web_server.use_cache && c.state.cache.outageTicks > 0, reads(c)),
    text: ({ state }) => `cache gave no answer within ${state.config.web_server.cache_timeout_ms} ms`,
  },
  {
    code: "cache_too_many_clients",
    level: "WARN",
    rate: ({ state }) => state.cache.refusedClients,
    text: ({ state }) => `cache ${state.config.web_server.cache_host}: too many clients, connection closed`,
  },
  {
    code: "publish_timeout",
    level: "ERROR",
    rate: (c) => when(c.state.queue.publishFailure > 0.005, writes(c) * c.state.queue.publishFailure),
    text: ({ state }) => `publish gave no acknowledgement within ${state.config.web_server.publish_timeout_ms} ms`,
  },
  {
    code: "payment_5xx",
    level: "ERROR",
    rate: (c) => when(c.state.web.paymentFailure > 0.01, writes(c) * c.state.web.paymentFailure),
    text: ({ names }) => `POST payment at ${names["provider.payment"]} answered 503`,
  },
  {
    code: "payment_notice",
    level: "INFO",
    rate: () => 0,
    text: ({ names }) =>
      `notice from payment provider ${names["provider.payment"]}: maintenance tonight, brief errors possible`,
  },
  {
    code: "export_failed",
    level: "ERROR",
    rate: ({ state }) => when(state.database.exportCancelled > 0.02, state.web.throughput * TRAFFIC.export.share),
    text: () => "GET /export 500: statement was cancelled",
  },
  {
    code: "export_200",
    level: "INFO",
    rate: ({ state }) => when(state.database.exportCancelled < 0.5, state.web.throughput * TRAFFIC.export.share),
    text: () => `GET /export 200, ${EXPORT_SECONDS} s`,
  },
];

/** Lines about the web processes themselves. */
const processLines: readonly LogCondition[] = [
  {
    code: "worker_exit",
    level: "ERROR",
    perHost: true,
    rate: ({ state, host }) => when((state.web.aliveShare[host] ?? 1) < 0.8, 0.05),
    text: ({ state, host, serial }) => {
      const left = Math.round((state.web.aliveShare[host] ?? 1) * state.config.web_server.max_workers);
      return `${hostName(host)} worker pid ${serial} exited on signal 9, ${left} of ${state.config.web_server.max_workers} left`;
    },
  },
  {
    code: "respawn_given_up",
    level: "ERROR",
    perHost: true,
    rate: ({ state, host }) => when(!state.web.respawn && (state.web.aliveShare[host] ?? 1) < 0.8, 0.01),
    text: ({ host }) => `${hostName(host)} supervisor: too many exits, no further workers started`,
  },
  {
    code: "gc_pause",
    level: "WARN",
    perHost: true,
    rate: ({ state, host }) =>
      when((state.web.memoryMb[host] ?? 0) > 0.78 * state.config.web_server.memory_limit_mb, 0.4),
    text: ({ state, host }) => {
      const use = (state.web.memoryMb[host] ?? 0) / state.config.web_server.memory_limit_mb;
      return `${hostName(host)} garbage collection paused ${shown(2400 * (use - 0.7))} ms, heap ${percent(use)}`;
    },
  },
  {
    code: "request_429",
    level: "WARN",
    rate: ({ state }) =>
      when(
        state.web.rejected429.some((share) => share > 0),
        0.25 * state.web.throughput,
      ),
    text: ({ state }) => `answered 429: over ${state.config.web_server.rate_limit_rps} req/s on this host`,
  },
  {
    code: "no_free_worker",
    level: "ERROR",
    rate: ({ state }) =>
      when(
        state.web.rejected503.some((share) => share > 0.01),
        0.25 * state.web.throughput,
      ),
    text: ({ state }) => {
      const workers = Math.round(plainMean(state.web.aliveShare) * state.config.web_server.max_workers);
      return `answered 503: accept queue full, ${workers} workers busy`;
    },
  },
];

/** What the web tier writes, and when. */
export const webServerLogs: readonly LogCondition[] = [...databaseLines, ...dependencyLines, ...processLines];
