import { z } from "zod";
import { shorten } from "../core/actions/text.ts";
import type { ResetOptions } from "../core/env.ts";
import { REWARD_MODES } from "../core/reward.ts";
import { DIFFICULTIES, SPLITS } from "../core/task.ts";

const LONGEST_EPISODE_ID = 255;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

const oneOf = (names: readonly string[]) => ({ schema: z.enum(names), expected: `one of ${names.join(", ")}` });
const whole = (what: string) => ({ schema: z.int().min(0), expected: `${what} from 0 to ${Number.MAX_SAFE_INTEGER}` });

/** Options of a reset: what is accepted, and how a refusal says it. */
const options = {
  seed: whole("a whole number"),
  task_id: { schema: z.string(), expected: "the id of a task, such as inc-117" },
  split: oneOf([...SPLITS, "all"]),
  index: whole("a position in the split"),
  difficulty: oneOf(DIFFICULTIES),
  episode_id: {
    schema: z
      .string()
      .max(LONGEST_EPISODE_ID)
      .refine((text) => text.isWellFormed() && !CONTROL.test(text)),
    expected: `text of at most ${LONGEST_EPISODE_ID} printable characters`,
  },
  reward_mode: oneOf(REWARD_MODES),
  text: { schema: z.boolean(), expected: "true or false" },
} as const satisfies Record<string, { readonly schema: z.ZodType; readonly expected: string }>;

type OptionName = keyof typeof options;
export const RESET_OPTIONS = Object.keys(options) as OptionName[];

/** What a reset was asked for, checked; absent options are absent here. */
export interface ResetRequest {
  readonly seed?: number;
  readonly episode_id?: string;
  /** Whether observations carry `text`. */
  readonly text: boolean;
  /** Which task, and how its reward is paid. Whether there is such a task decides the suite. */
  readonly choice: ResetOptions;
  /** Names that no option has, in the order in which they came. */
  readonly ignored: readonly string[];
}

export type ReadReset =
  | { readonly ok: true; readonly request: ResetRequest }
  | { readonly ok: false; readonly reason: string };

type Given = Partial<Record<OptionName, unknown>>;

/**
 * Reads reset options from the wire, from the object itself and from an `options` object inside it. Nothing is coerced,
 * clamped or rounded; null means absent. A name that comes twice must mean the same both times.
 */
export function readResetOptions(data: unknown): ReadReset {
  const given: Given = {};
  const ignored: string[] = [];
  const problem =
    collect(data ?? {}, given, ignored, "reset options") ??
    collect(own(data, "options") ?? {}, given, ignored, "options");
  return problem === null ? { ok: true, request: requestFrom(given, ignored) } : { ok: false, reason: problem };
}

/** Adds one object's options to what is given; returns what is wrong with them. */
function collect(source: unknown, given: Given, ignored: string[], label: string): string | null {
  if (typeof source !== "object" || source === null || Array.isArray(source)) {
    return `${label}: expected an object, got ${shown(source)}.`;
  }
  for (const name of Object.keys(source)) {
    const value = own(source, name);
    if (!isOption(name)) {
      if ((name !== "options" || label === "options") && !ignored.includes(name)) ignored.push(name);
      continue;
    }
    if (value === null || value === undefined) continue;
    const { schema, expected } = options[name];
    if (!schema.safeParse(value).success) return `${name}: expected ${expected}, got ${shown(value)}.`;
    if (given[name] !== undefined && given[name] !== value) {
      return `${name} is given twice, as ${shown(given[name])} and as ${shown(value)}; expected one value.`;
    }
    given[name] = value;
  }
  return null;
}

function requestFrom({ seed, episode_id, text = true, ...choice }: Given, ignored: readonly string[]): ResetRequest {
  return {
    ...(seed === undefined ? {} : { seed: (seed as number) + 0 }), // −0 + 0 is 0
    ...(episode_id === undefined ? {} : { episode_id: episode_id as string }),
    text: text as boolean,
    choice: choice as ResetOptions,
    ignored,
  };
}

const isOption = (name: string): name is OptionName => Object.hasOwn(options, name);

const own = (source: unknown, name: string): unknown =>
  typeof source === "object" && source !== null && Object.hasOwn(source, name)
    ? (source as Readonly<Record<string, unknown>>)[name]
    : undefined;

/** A value from outside in a sentence, cut short. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(shorten(value));
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) ? "a list" : "an object";
}
