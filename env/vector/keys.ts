import { configKeys } from "../contract/config-keys.ts";
import type { PublicKey } from "../contract/config-keys.ts";
import { SERVICES } from "../core/topology.ts";
import type { ServiceName } from "../core/topology.ts";

/** A configuration key, as the manual has it. */
export interface KeyEntry {
  /** Position among the keys of all services. */
  readonly index: number;
  readonly service: ServiceName;
  readonly key: string;
  readonly def: PublicKey;
}

/** The keys of all services, in the order in which they are shown. */
export const KEYS: readonly KeyEntry[] = SERVICES.flatMap((service) =>
  Object.entries(configKeys[service]).map(([key, def]) => ({ service, key, def })),
).map((entry, index) => ({ index, ...entry }));

const indexes: Readonly<Record<ServiceName, ReadonlyMap<string, number>>> = Object.fromEntries(
  SERVICES.map((service) => [
    service,
    new Map(KEYS.filter((entry) => entry.service === service).map(({ key, index }) => [key, index])),
  ]),
) as unknown as Record<ServiceName, Map<string, number>>;

/** Position of a key; −1 when the service has no such key. */
export const keyIndex = (service: ServiceName, key: string): number => indexes[service].get(key) ?? -1;

/** Whether an update may set the key. */
export const isWritable = ({ def }: KeyEntry): boolean => def.readOnly !== true;
