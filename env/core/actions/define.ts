import { z } from "zod";
import type { State } from "../state.ts";
import { SERVICES } from "../topology.ts";

/** Longest text accepted inside an action. */
export const LONGEST_TEXT = 8192;

// oxlint-disable-next-line no-control-regex -- these characters are what it is about
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/;

export const Service = z.enum(SERVICES).describe("One of the five services.");
export const Text = z
  .string()
  .max(LONGEST_TEXT)
  .refine((text) => text.isWellFormed() && !CONTROL.test(text), "expected text without control characters");
export const KeyName = z.string().max(64).describe("A configuration key of that service, e.g. ttl_s.");
export const NewValue = z
  .union([z.number(), z.boolean(), z.string().max(256)])
  .describe("The new value: a number, true or false, or a name, as inspect_config shows it.");

export interface ActionDef<Type extends string, Shape extends z.ZodRawShape> {
  readonly type: Type;
  /** One imperative sentence, shown to people and to models alike. */
  readonly summary: string;
  /** `observe` reads telemetry; `remediate` changes the system; `close` ends the episode. */
  readonly kind: "observe" | "remediate" | "close";
  /** Simulated ticks of 15 s that pass before the result is seen. */
  readonly ticks: number;
  /** Arguments in the order of the text form. A plain shape, not a z.object. */
  readonly args: Shape;
  /** Why this action cannot be carried out now, as a sentence; null when it can. Reads only. */
  readonly refuse?: (state: State, args: z.output<z.ZodObject<Shape>>) => string | null;
  /** Writes into `state` and nothing else. Absent where the action changes nothing. */
  readonly apply?: (state: State, args: z.output<z.ZodObject<Shape>>) => void;
}

export function defineAction<const Type extends string, Shape extends z.ZodRawShape>(def: ActionDef<Type, Shape>) {
  const schema = z.strictObject({ type: z.literal(def.type), ...def.args }).describe(def.summary);
  return { ...def, schema };
}
