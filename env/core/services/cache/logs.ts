import { shown, when } from "../../telemetry/log-lines.ts";
import type { LogCondition } from "../../telemetry/log-lines.ts";
import { ticks } from "../../time.ts";
import { inSnapshot } from "./dynamics.ts";

const FRESH = ticks(15, "min");

/** What the cache writes, and when. */
export const cacheLogs: readonly LogCondition[] = [
  {
    code: "exited",
    level: "ERROR",
    rate: ({ state }) => when(!state.cache.up, 0.001),
    text: ({ serial }) => `process ${serial} ended with exit code 137`,
  },
  {
    code: "started_empty",
    level: "INFO",
    rate: ({ state }) => when(state.cache.up && state.cache.uptimeTicks < FRESH, 0.001),
    text: ({ serial }) => `process ${serial} ready, 0 entries loaded`,
  },
  {
    code: "evicting",
    level: "WARN",
    rate: ({ state }) => when(state.cache.up && state.cache.evictions > 15, state.cache.evictions),
    text: ({ state }) => `memory limit ${state.config.cache.max_memory_mb} MB reached, evicting`,
  },
  {
    code: "client_refused",
    level: "WARN",
    rate: ({ state }) => state.cache.refusedClients,
    text: ({ state }) => `client refused: ${state.config.cache.max_clients} clients connected`,
  },
  {
    code: "auth_failed",
    level: "WARN",
    rate: ({ state }) => when(state.cache.tokenRejected, 0.7 * state.web.throughput),
    text: ({ state }) => `client refused: token is not ${state.config.cache.auth_token_id}`,
  },
  {
    code: "snapshot",
    level: "INFO",
    rate: ({ state }) => when(state.cache.up && inSnapshot(state), 0.001),
    text: ({ state }) => `snapshot saved, ${shown(state.cache.warmth * state.cache.workingSetMb)} MB`,
  },
];
