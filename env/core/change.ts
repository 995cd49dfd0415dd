import { readKey, writeKey } from "./services/config.ts";
import { restartDatabase } from "./services/database/dynamics.ts";
import type { ConfigValue } from "./services/keys.ts";
import { restartBroker } from "./services/message-queue/dynamics.ts";
import { restartWorkers } from "./services/web-server/dynamics.ts";
import type { State } from "./state.ts";
import type { ServiceName } from "./topology.ts";

/**
 * Ticks for which a restart leaves a service out (the web tier: at three quarters of its capacity), counted from the
 * tick in which it begins; the clock of that first tick already runs one off.
 */
const OUTAGE_TICKS: Readonly<Record<ServiceName, number>> = {
  load_balancer: 1,
  web_server: 3,
  cache: 1,
  database: 3,
  message_queue: 2,
};
/** A new release or memory limit replaces web processes host by host. */
const ROLL_OUT_TICKS = 2;
const INDEX_BUILD_TICKS = 4;

/** Ticks from its beginning in which users feel the restart of a healthy service: the outage and what follows of it. */
const FELT_TICKS: Readonly<Record<ServiceName, number>> = {
  load_balancer: 1,
  web_server: 3,
  cache: 8,
  database: 9,
  message_queue: 3,
};

/** Ticks in which a restart of the service is no harm, because it was bound to be felt. */
export const declaredOutage = (service: ServiceName): number => FELT_TICKS[service];

/** Restarts a service; configuration, disk, bloat and certificates survive. */
export function restartService(state: State, service: ServiceName): void {
  const outage = OUTAGE_TICKS[service] + 1;
  state.restartTicks[service] = state.tick;
  switch (service) {
    case "load_balancer":
      state.edge.outageTicks = outage;
      break;
    case "web_server":
      restartWorkers(state, outage);
      state.web.staleAddress = false;
      break;
    case "cache":
      state.cache.up = true;
      state.cache.outageTicks = outage;
      state.cache.uptimeTicks = 0;
      state.cache.warmth = 0;
      break;
    case "database":
      restartDatabase(state, outage);
      break;
    case "message_queue":
      restartBroker(state, outage);
      break;
  }
}

/** Sets a key that is known to exist to a value that is known to be acceptable, with what follows from it. */
export function setConfig(state: State, service: ServiceName, key: string, value: ConfigValue): void {
  state.changesMade.push({ tick: state.tick, service, key, from: readKey(state.config, service, key), to: value });
  if ((key === "idx_orders_user" || key === "idx_products_sku") && service === "database") {
    if (value === "valid" && state.config.database[key] !== "valid") {
      state.builds.push({ key, ticksLeft: INDEX_BUILD_TICKS });
      return;
    }
  }
  writeKey(state.config, service, key, value);
  if (service !== "web_server") return;
  if (key === "app_version" || key === "memory_limit_mb") restartWorkers(state, ROLL_OUT_TICKS + 1);
  if (key === "db_host" || key === "dns_cache_ttl_s") state.web.staleAddress = false;
}
