import type { Instance } from "../initial.ts";
import { CACHE_HOST } from "../services/cache/dynamics.ts";
import { databaseUnreachable } from "../services/database/dynamics.ts";
import { brokerDown } from "../services/message-queue/dynamics.ts";
import type { State } from "../state.ts";
import { TICK_SECONDS } from "../time.ts";
import { DEPENDENCIES } from "../topology.ts";
import type { ServiceName } from "../topology.ts";
import { elapsedSeconds } from "./clock.ts";
import type { StatusData } from "./results.ts";
import { revisionsOf } from "./revisions.ts";
import { rngFor, wholeNumber } from "../rng.ts";

/** Software versions that never matter, so that they can be shown. */
const VERSIONS: Readonly<Record<Exclude<ServiceName, "web_server">, string>> = {
  load_balancer: "2.9.4",
  cache: "7.2.5",
  database: "16.3",
  message_queue: "3.13.2",
};

const ROUTES: Readonly<Record<ServiceName, readonly string[]>> = {
  load_balancer: ["/"],
  web_server: ["/healthz", "/readyz", "/products", "/account", "/checkout", "/export"],
  cache: [],
  database: [],
  message_queue: [],
};

/** What the process says of itself: shallow on purpose, as such endpoints are. */
export function readStatus(instance: Instance, state: State, service: ServiceName): StatusData {
  return {
    kind: "status",
    service,
    state: processState(state, service),
    uptime_s: uptime(instance, state, service),
    version: service === "web_server" ? state.config.web_server.app_version : VERSIONS[service],
    address: addressOf(instance, state, service),
    routes: processState(state, service) === "down" ? [] : ROUTES[service],
    last_config_revision: lastRevision(instance, state, service),
    dependencies: DEPENDENCIES[service].map((dependency) => ({
      service: dependency,
      ping: answersPing(state, service, dependency) ? "ok" : "failed",
      address: calledAt(instance, state, service, dependency),
    })),
  };
}

function processState(state: State, service: ServiceName): StatusData["state"] {
  switch (service) {
    case "load_balancer":
      return state.edge.outageTicks > 0 ? "down" : "up";
    case "web_server":
      return state.web.aliveShare.some((alive) => alive < 0.8) ? "degraded" : "up";
    case "cache":
      return state.cache.up && state.cache.outageTicks === 0 ? "up" : "down";
    case "database":
      return state.database.up && state.database.outageTicks === 0 ? "up" : "down";
    case "message_queue":
      return state.queue.up && state.queue.outageTicks === 0 ? "up" : "down";
  }
}

/** A ping reaches a process; it says nothing of load. */
function answersPing(state: State, from: ServiceName, to: ServiceName): boolean {
  if (from === "web_server" && to === "database") return !databaseUnreachable(state);
  if (from === "web_server" && to === "cache" && state.config.web_server.cache_host !== CACHE_HOST) return false;
  if (to === "message_queue") return !brokerDown(state);
  return processState(state, to) !== "down";
}

function uptime(instance: Instance, state: State, service: ServiceName): number {
  if (processState(state, service) === "down") return 0;
  if (service === "cache") return state.cache.uptimeTicks * TICK_SECONDS;
  const rng = rngFor(instance.instanceSeed, `uptime/${service}`, 0);
  const before = wholeNumber(rng, 86_400, 40 * 86_400);
  const restartedAt = state.restartTicks[service];
  return restartedAt < 0 ? before + elapsedSeconds(instance, state) : (state.tick - restartedAt) * TICK_SECONDS;
}

/** The revision number that the next change will not be: history, then what the agent changed. */
function lastRevision(instance: Instance, state: State, service: ServiceName): number {
  const before = revisionsOf(instance, service).at(-1)?.revision ?? 0;
  return before + state.changesMade.filter((change) => change.service === service).length;
}

/** The address under which a service calls another, as far as it can tell. */
function calledAt(instance: Instance, state: State, from: ServiceName, to: ServiceName): string {
  if (from !== "web_server") return addressOf(instance, state, to);
  if (to === "cache") return state.config.web_server.cache_host;
  const stale = to === "database" && state.web.staleAddress;
  return stale ? (instance.names["address.primary"] as string) : addressOf(instance, state, to);
}

function addressOf(instance: Instance, state: State, service: ServiceName): string {
  const { names } = instance;
  if (service === "database") {
    return names[state.database.failoverTicks >= 0 ? "address.standby" : "address.primary"] as string;
  }
  return `${service.replaceAll("_", "-")}.internal`;
}
