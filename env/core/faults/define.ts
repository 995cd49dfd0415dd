import { z } from "zod";
import { keyDef, writeKey } from "../services/config.ts";
import type { State } from "../state.ts";
import { SERVICES } from "../topology.ts";

/** A value in a task: fixed, or drawn by the seed. Text may name what the seed draws: `<edge_certificate.next>`. */
const Scalar = z.union([z.number(), z.boolean(), z.string()]);
export const Drawn = z.union([
  Scalar,
  z.strictObject({ one_of: z.array(Scalar).min(1) }),
  z.strictObject({ between: z.tuple([z.number(), z.number()]) }),
]);
export type Drawn = z.infer<typeof Drawn>;
export const DrawnNumber = z.union([
  z.number(),
  z.strictObject({ one_of: z.array(z.number()).min(1) }),
  z.strictObject({ between: z.tuple([z.number(), z.number()]) }),
]);

/** A key with a value that someone set, some time before the page. */
export const Setting = z.strictObject({
  service: z.enum(SERVICES),
  key: z.string(),
  value: Drawn,
  /** Hours before the page at which it was set; absent: at the onset. */
  hours_ago: DrawnNumber.optional(),
});
export type Setting = z.infer<typeof Setting>;

/** Parameters of faults that are nothing but a key in a wrong position. */
export const settings = { set: z.array(Setting).min(1) };

export interface FaultDef<Class extends string, Shape extends z.ZodRawShape> {
  readonly class: Class;
  /** What it means, for people and models alike. */
  readonly summary: string;
  /** Parameters in a task, before the seed draws from them. */
  readonly params: Shape;
  /** Bends the system; the parameters are drawn. Writes into `state` and nothing else. */
  readonly apply: (state: State, params: z.output<z.ZodObject<Shape>>) => void;
}

export function defineFault<const Class extends string, Shape extends z.ZodRawShape>(def: FaultDef<Class, Shape>) {
  const schema = z.strictObject({ class: z.literal(def.class), ...def.params });
  return { ...def, schema };
}

/** A fault class that only ever shows as settings. */
export const settingFault = <const Class extends string>(name: Class, summary: string) =>
  defineFault({ class: name, summary, params: settings, apply: (state, { set }) => applySettings(state, set) });

/** Writes drawn settings. Throws a RangeError for a key or value that the service does not take. */
export function applySettings(state: State, set: readonly Setting[]): void {
  for (const { service, key, value } of set) {
    const def = keyDef(service, key);
    if (def === undefined) throw new RangeError(`Unknown key ${service}.${key} in a task.`);
    if (typeof value === "object") throw new RangeError(`${service}.${key}: the value has not been drawn.`);
    if (def.kind === "number" && (typeof value !== "number" || value < def.min || value > def.max)) {
      throw new RangeError(`${service}.${key}: ${String(value)} is outside ${def.min} … ${def.max}.`);
    }
    writeKey(state.config, service, key, value);
  }
}

/** Reads a drawn number. */
export const drawn = (value: z.infer<typeof DrawnNumber>): number => {
  if (typeof value !== "number") throw new RangeError("The number has not been drawn.");
  return value;
};
