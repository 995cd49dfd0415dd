import { keyDef, keysOf } from "../services/config.ts";
import { didYouMean } from "../suggest.ts";
import type { ServiceName } from "../topology.ts";
import { defineAction, KeyName, Service } from "./define.ts";

export const inspectConfig = defineAction({
  type: "inspect_config",
  summary: "List the configuration of a service with units and ranges; with a key, the history of that key.",
  kind: "observe",
  ticks: 1,
  args: { service: Service, key: KeyName.optional() },
  refuse: (_state, { service, key }) =>
    key === undefined || keyDef(service, key) !== undefined ? null : unknownKey(service, key),
});

/** The same sentence for every service, whatever is wrong with the system. */
export function unknownKey(service: ServiceName, key: string): string {
  const known = keysOf(service);
  return `Unknown key "${key}" of ${service}.${didYouMean(key, known)} It has: ${known.join(", ")}.`;
}
