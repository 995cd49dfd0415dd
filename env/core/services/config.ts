import type { ServiceName } from "../topology.ts";
import { cacheKeys } from "./cache/config.ts";
import { databaseKeys } from "./database/config.ts";
import type { ConfigValue, KeyDef, ValuesOf } from "./keys.ts";
import { loadBalancerKeys } from "./load-balancer/config.ts";
import { messageQueueKeys } from "./message-queue/config.ts";
import { webServerKeys } from "./web-server/config.ts";

/** Every configuration key of every service: the one description from which all else is derived. */
export const configKeys = {
  load_balancer: loadBalancerKeys,
  web_server: webServerKeys,
  cache: cacheKeys,
  database: databaseKeys,
  message_queue: messageQueueKeys,
} as const satisfies Readonly<Record<ServiceName, Readonly<Record<string, KeyDef>>>>;

export type Config = { [Service in ServiceName]: ValuesOf<(typeof configKeys)[Service]> };

/** The description of a key, or undefined when the service has no such key; safe for any text. */
export function keyDef(service: ServiceName, key: string): KeyDef | undefined {
  const table: Readonly<Record<string, KeyDef>> = configKeys[service];
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The keys of a service, in the order of its table. */
export const keysOf = (service: ServiceName): string[] => Object.keys(configKeys[service]);

/** Reads a key that is known to exist. */
export function readKey(config: Config, service: ServiceName, key: string): ConfigValue {
  return (config[service] as Record<string, ConfigValue>)[key] as ConfigValue;
}

/** Writes a key that is known to exist. */
export function writeKey(config: Config, service: ServiceName, key: string, value: ConfigValue): void {
  (config[service] as Record<string, ConfigValue>)[key] = value;
}

/** The defaults as text: parsing gives an object with fixed slots, which the hot loop reads fastest. */
const DEFAULTS = JSON.stringify(
  Object.fromEntries(
    Object.entries(configKeys).map(([service, table]) => [
      service,
      Object.fromEntries(Object.entries(table as Record<string, KeyDef>).map(([key, def]) => [key, def.default])),
    ]),
  ),
);

/** A configuration with every key at its default. */
export const defaultConfig = (): Config => JSON.parse(DEFAULTS) as Config;

export const copyConfig = (config: Config): Config => ({
  load_balancer: { ...config.load_balancer },
  web_server: { ...config.web_server },
  cache: { ...config.cache },
  database: { ...config.database },
  message_queue: { ...config.message_queue },
});

/** Whether a value lies inside the hidden envelope of its key; names are judged by what they do, not here. */
export function insideEnvelope(def: KeyDef, value: ConfigValue): boolean {
  switch (def.kind) {
    case "number": {
      if (def.offIsSafe && value === def.off) return true;
      return def.envelope === undefined || (Number(value) >= def.envelope[0] && Number(value) <= def.envelope[1]);
    }
    case "flag":
      return def.envelope === undefined || value === def.envelope;
    case "choice":
      return def.envelope === undefined || def.envelope.includes(String(value));
    case "name":
      return true;
  }
}
