import fc from "fast-check";
import { ACTION_TYPES, configKeys } from "../../../env/contract/index.ts";
import { judgeOf, valuesOf } from "./from-schema.ts";
import type { Schema } from "./from-schema.ts";
import { mutated, oddValue } from "./request.ts";
import type { Kind } from "./request.ts";

const KEYS = Object.values(configKeys).flatMap((keys) => Object.keys(keys));

/** Actions from the schema that a server publishes. */
export function actionsFrom(published: Schema): Readonly<Record<Kind, fc.Arbitrary<unknown>>> {
  const branches = (published.oneOf ?? []).map((branch) => judgeOf(branch));
  const fits = (action: unknown): boolean => branches.some((branch) => branch.safeParse(action).success);
  const valid = fc
    .tuple(valuesOf(published), fc.constantFrom(...KEYS), fc.boolean())
    .map(([action, key, isKnown]) =>
      isKnown && "key" in (action as object) ? { ...(action as object), key } : action,
    );
  const near = fc.oneof(mutated(valid as fc.Arbitrary<object>), textForms);
  const negative = fc.oneof(mutated(valid as fc.Arbitrary<object>), oddValue);
  return { valid, near, negative: negative.filter((action) => !fits(action) && !mayMeanSomething(action)) };
}

/** Text forms, some of them wrong. */
const textForms = fc
  .tuple(
    fc.constantFrom(...ACTION_TYPES, "nonsense"),
    fc.array(fc.constantFrom("cache", ...KEYS, "1", '"x"', ""), { maxLength: 4 }),
  )
  .map(([type, args]) => `${type}(${args.join(", ")})`);

/** What fits no schema and is understood all the same: metadata is dropped whatever it is, and text may be an action. */
function mayMeanSomething(action: unknown): boolean {
  if (typeof action === "string") return action.includes("(");
  if (typeof action !== "object" || action === null) return false;
  return "metadata" in action || "tool_name" in action;
}
