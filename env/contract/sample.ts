import type { z } from "zod";
import { catalogue } from "../core/actions/index.ts";
import type { Action } from "../core/actions/index.ts";
import { pick, wholeNumber } from "../core/rng.ts";
import type { Rng } from "../core/rng.ts";
import { keyDef, keysOf } from "../core/services/config.ts";
import type { ConfigValue, KeyDef } from "../core/services/keys.ts";
import type { ServiceName } from "../core/topology.ts";

/** Share of optional arguments that a sample gives. */
const OPTIONAL_SHARE = 0.5;

/** A random action that the catalogue accepts: each type equally likely, arguments from their schemas. */
export function sampleAction(rng: Rng): Action {
  const def = pick(rng, catalogue);
  const fields: Record<string, unknown> = { type: def.type };
  for (const [name, schema] of Object.entries(def.args as Record<string, z.ZodType>)) {
    if (schema.isOptional() && rng() > OPTIONAL_SHARE) continue;
    fields[name] = sampleArgument(rng, name, schema, fields);
  }
  return fields as unknown as Action;
}

/** Closed lists come from the schema; keys and values from the key table of the service chosen before. */
function sampleArgument(rng: Rng, name: string, schema: z.ZodType, fields: Record<string, unknown>): unknown {
  const options = (schema as { options?: readonly unknown[] }).options;
  if (name === "key") return pick(rng, keysOf(fields.service as ServiceName));
  if (name === "value") {
    return sampleValue(rng, keyDef(fields.service as ServiceName, fields.key as string) as KeyDef);
  }
  return Array.isArray(options) ? pick(rng, options as readonly unknown[]) : "sampled";
}

/** A value that the key's schema takes: numbers uniform over the range, names as they are by default. */
function sampleValue(rng: Rng, def: KeyDef): ConfigValue {
  switch (def.kind) {
    case "number":
      return wholeNumber(rng, def.min, def.max);
    case "flag":
      return rng() < 0.5;
    case "choice":
      return pick(rng, def.choices);
    case "name":
      return def.default;
  }
}
