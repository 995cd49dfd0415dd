import { z } from "zod";
import { catalogue } from "../../../env/contract/index.ts";
import { namedType } from "./names.ts";
import type { Schema } from "./python.ts";

/** One argument of an action, in Python's words. */
export interface Argument {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  readonly description: string;
}

/** One action of the catalogue, in Python's words. */
export interface ActionMethod {
  readonly type: string;
  readonly summary: string;
  readonly args: readonly Argument[];
}

/** Every action with its arguments, in the catalogue's order. */
export const actionMethods: readonly ActionMethod[] = catalogue.map((def) => {
  const { properties = {}, required = [] } = z.toJSONSchema(def.schema, { io: "input" }) as Schema;
  const args = Object.entries(properties).filter(([name]) => name !== "type");
  return {
    type: def.type,
    summary: def.summary,
    args: args.map(([name, schema]) => ({
      name,
      type: namedType(schema) ?? "str",
      isOptional: !required.includes(name),
      description: schema.description ?? name,
    })),
  };
});

/** `service: ServiceName, key: str | None = None` */
export const parameters = ({ args }: ActionMethod): string =>
  args.map(({ name, type, isOptional }) => `${name}: ${type}${isOptional ? " | None = None" : ""}`).join(", ");
