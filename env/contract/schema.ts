import { z } from "zod";
import { ACTION_TYPES, catalogue } from "../core/actions/index.ts";
import { MetadataSchema, observationFields } from "./observation-schema.ts";
import { StateSchema } from "./state-schema.ts";
import { ToolAction, toolListFields, toolResultFields } from "./tool-schema.ts";

type JsonSchema = Readonly<Record<string, unknown>>;

/** Body of `/schema`: JSON Schema, draft 2020-12. */
export interface EnvironmentSchema {
  readonly action: JsonSchema;
  readonly observation: JsonSchema;
  readonly state: JsonSchema;
}

/** What the published action schema speaks of: some trainers tell by it how to play. What is accepted is the same. */
export const CONTRACTS = ["gym", "mcp"] as const;
export type Contract = (typeof CONTRACTS)[number];

/** Schemas of what this environment takes and sends, for clients that generate their types or tools. */
export const environmentSchema = (contract: Contract = "gym"): EnvironmentSchema => ({
  action: contract === "gym" ? actionSchema() : toolActionSchema(),
  observation: z.toJSONSchema(SentObservation),
  state: z.toJSONSchema(StateSchema),
});

/** As OpenEnv's clients hold an observation: reward, done and metadata are put back into it. */
const put = { metadata: MetadataSchema, reward: z.number().nullable(), done: z.boolean() };

const SentObservation = z.union([
  z.strictObject({ ...observationFields, ...put }),
  z.strictObject({ ...toolListFields, ...put }),
  z.strictObject({ ...toolResultFields, ...put }),
]);

/** Pydantic writes this beside every action; it means nothing here. */
const metadata = { type: ["object", "null"], description: "Ignored." };

/**
 * One flat object with every argument as an optional property, because some trainers read only the top level, and one
 * branch per action that says which belong together.
 */
function actionSchema(): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: { type: { type: "string", enum: ACTION_TYPES }, ...allArguments(), metadata },
    required: ["type"],
    oneOf: catalogue.map((def) => branch(def.schema)),
  };
}

function toolActionSchema(): JsonSchema {
  const { properties, ...rest } = z.toJSONSchema(ToolAction, { io: "input" });
  return { ...rest, properties: { ...properties, metadata } };
}

function branch(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, properties, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return { ...rest, properties: { ...properties, metadata } };
}

/** The arguments of all actions; where two actions differ on one, whatever either takes. */
function allArguments(): JsonSchema {
  const found: Record<string, JsonSchema[]> = {};
  for (const { args } of catalogue) {
    for (const [name, schema] of Object.entries(args as Record<string, z.ZodType>)) {
      const { $schema: _dialect, ...one } = z.toJSONSchema(schema, { io: "input" });
      const same = (found[name] ??= []).some((other) => JSON.stringify(other) === JSON.stringify(one));
      if (!same) found[name]?.push(one);
    }
  }
  return Object.fromEntries(
    Object.entries(found).map(([name, kinds]) => [name, kinds.length === 1 ? kinds[0] : { anyOf: kinds }]),
  );
}
