import fc from "fast-check";
import { z } from "zod";

/** The part of JSON Schema that is published here. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What judges values by a schema. */
export const judgeOf = (schema: object): z.ZodType =>
  z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);

/** Longest text that is drawn in full; a longer one is allowed now and then, at its very limit. */
const USUAL_LENGTH = 40;

/** Values that fit a schema. */
export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) return fc.oneof(...choices.map(valuesOf));
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  return fc.oneof(...types.map((type) => ofType(type, schema)));
}

function ofType(type: string, schema: Schema): fc.Arbitrary<unknown> {
  switch (type) {
    case "string":
      return texts(schema);
    case "number":
      return fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
    case "integer":
      return fc.maxSafeInteger().map((n) => Math.min(Math.max(n, schema.minimum ?? n), schema.maximum ?? n));
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(valuesOf(schema.items ?? { type: "null" }), { maxLength: 4 });
    case "object":
      return fc.record(
        Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, valuesOf(inner)])),
        { requiredKeys: [...(schema.required ?? [])] },
      );
    default:
      throw new Error(`The schema has the type ${type}, of which nothing is drawn yet.`);
  }
}

function texts({ minLength = 0, maxLength = USUAL_LENGTH }: Schema): fc.Arbitrary<string> {
  const usual = fc.string({ unit: "grapheme", minLength, maxLength: Math.min(maxLength, USUAL_LENGTH) });
  const fitting = usual.filter(({ length }) => length >= minLength && length <= maxLength);
  return fc.oneof({ weight: 30, arbitrary: fitting }, { weight: 1, arbitrary: fc.constant("x".repeat(maxLength)) });
}
