import { configKeys as hiddenKeys } from "../core/services/config.ts";
import type { ConfigValue, KeyDef, NameOf } from "../core/services/keys.ts";
import { SERVICES } from "../core/topology.ts";
import type { ServiceName } from "../core/topology.ts";

/** What the manual says of a configuration key. Envelopes are not in it: they decide whether a fix is durable. */
export interface PublicKey {
  readonly kind: KeyDef["kind"];
  readonly summary: string;
  readonly default: ConfigValue;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  /** What a name refers to. */
  readonly of?: NameOf;
  readonly readOnly?: true;
}

/** Every key of every service as the manual has it, in the order of the tables. */
export const configKeys: Readonly<Record<ServiceName, Readonly<Record<string, PublicKey>>>> = Object.fromEntries(
  SERVICES.map((service) => [
    service,
    Object.fromEntries(
      Object.entries(hiddenKeys[service] as Readonly<Record<string, KeyDef>>).map(([key, def]) => [
        key,
        publicPart(def),
      ]),
    ),
  ]),
) as Record<ServiceName, Record<string, PublicKey>>;

/** The manual's entry of a key; undefined when the service has no such key. Safe for any text. */
export const keyDef = (service: ServiceName, key: string): PublicKey | undefined =>
  Object.hasOwn(configKeys[service], key) ? configKeys[service][key] : undefined;

/** Field by field, so that a new hidden field stays hidden. */
function publicPart(def: KeyDef): PublicKey {
  const { kind, summary, default: value } = def;
  const common = { kind, summary, default: value };
  switch (def.kind) {
    case "number":
      return { ...common, unit: def.unit, min: def.min, max: def.max };
    case "flag":
      return common;
    case "choice":
      return { ...common, choices: def.choices };
    case "name":
      return def.readOnly ? { ...common, of: def.of, readOnly: def.readOnly } : { ...common, of: def.of };
  }
}
