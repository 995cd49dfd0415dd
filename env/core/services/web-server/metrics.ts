import type { State } from "../../state.ts";
import { attempts, hostMean, measure, plainMean, ratio, rowTable } from "../../telemetry/rows.ts";
import { WEB_HOSTS } from "../../topology.ts";

export const webServerRows = rowTable({
  rps: measure("req/s"),
  worker_busy_ratio: ratio,
  cpu_ratio: ratio,
  queue_wait_ms: measure("ms"),
  error_503_ratio: ratio,
  error_429_ratio: ratio,
  memory_mb: measure("MB"),
  live_worker_ratio: ratio,
  "rps{host}": measure("req/s"),
  "worker_busy_ratio{host}": ratio,
  "cpu_ratio{host}": ratio,
  "queue_wait_ms{host}": measure("ms"),
  "error_503_ratio{host}": ratio,
  "error_429_ratio{host}": ratio,
  "memory_mb{host}": measure("MB"),
  "live_worker_ratio{host}": ratio,
  pool_use_ratio: ratio,
  pool_wait_ms: measure("ms"),
  db_error_ratio: ratio,
  db_write_error_ratio: ratio,
  db_attempts_per_call: attempts,
  cache_error_ratio: ratio,
  publish_error_ratio: ratio,
  payment_error_ratio: ratio,
  "error_ratio{read}": ratio,
  "error_ratio{user}": ratio,
  "error_ratio{write}": ratio,
  "error_ratio{export}": ratio,
  "latency_ms{read}": measure("ms"),
  "latency_ms{user}": measure("ms"),
  "latency_ms{write}": measure("ms"),
  "latency_ms{export}": measure("ms"),
});

export function sampleWebServer(state: State, out: Float32Array, base: number): void {
  const { web, database, queue } = state;
  const { at } = webServerRows;
  const { share } = state.edge;
  const { routes } = web;
  out[base + at.rps] = WEB_HOSTS * plainMean(web.rps);
  out[base + at.worker_busy_ratio] = hostMean(share, web.busy);
  out[base + at.cpu_ratio] = hostMean(share, web.cpu);
  out[base + at.queue_wait_ms] = 1000 * hostMean(share, web.wait);
  out[base + at.error_503_ratio] = hostMean(share, web.rejected503);
  out[base + at.error_429_ratio] = hostMean(share, web.rejected429);
  out[base + at.memory_mb] = plainMean(web.memoryMb);
  out[base + at.live_worker_ratio] = plainMean(web.aliveShare);
  for (let i = 0; i < WEB_HOSTS; i += 1) {
    out[base + at["rps{host}"] + i] = web.rps[i] as number;
    out[base + at["worker_busy_ratio{host}"] + i] = web.busy[i] as number;
    out[base + at["cpu_ratio{host}"] + i] = web.cpu[i] as number;
    out[base + at["queue_wait_ms{host}"] + i] = 1000 * (web.wait[i] as number);
    out[base + at["error_503_ratio{host}"] + i] = web.rejected503[i] as number;
    out[base + at["error_429_ratio{host}"] + i] = web.rejected429[i] as number;
    out[base + at["memory_mb{host}"] + i] = web.memoryMb[i] as number;
    out[base + at["live_worker_ratio{host}"] + i] = web.aliveShare[i] as number;
  }
  out[base + at.pool_use_ratio] = web.poolUse;
  out[base + at.pool_wait_ms] = 1000 * database.poolWait;
  out[base + at.db_error_ratio] = database.readFailure;
  out[base + at.db_write_error_ratio] = database.writeFailure;
  out[base + at.db_attempts_per_call] = web.readAttempts;
  out[base + at.cache_error_ratio] = state.config.web_server.use_cache ? web.cacheFailure : 0;
  out[base + at.publish_error_ratio] = queue.publishFailure;
  out[base + at.payment_error_ratio] = web.paymentFailure;
  out[base + at["error_ratio{read}"]] = routes.readFailure;
  out[base + at["error_ratio{user}"]] = routes.userFailure;
  out[base + at["error_ratio{write}"]] = routes.writeFailure;
  out[base + at["error_ratio{export}"]] = routes.exportFailure;
  out[base + at["latency_ms{read}"]] = 1000 * (web.meanWait + routes.readSeconds);
  out[base + at["latency_ms{user}"]] = 1000 * (web.meanWait + routes.userSeconds);
  out[base + at["latency_ms{write}"]] = 1000 * (web.meanWait + routes.writeSeconds);
  out[base + at["latency_ms{export}"]] = 1000 * (web.meanWait + routes.exportSeconds);
}
