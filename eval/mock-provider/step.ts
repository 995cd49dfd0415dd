import { z } from "zod";

/** What the mock does with one request. `delay_ms` passes before the head of the reply. */

const headers = z.record(z.string(), z.string()).default({});
const common = { delay_ms: z.int().min(0).max(600_000).default(0) };
/** How much of a good reply comes before something happens to it. */
const stage = z.enum(["nothing", "headers", "part"]);

/** A completion, with the behaviour's message unless another is given. */
const Reply = z.strictObject({
  do: z.literal("reply"),
  ...common,
  /** In the wire's form, as `choices[0].message`. */
  message: z.record(z.string(), z.json()).optional(),
  finish_reason: z.string().nullable().optional(),
  /** Null: none is reported. */
  usage: z.json().optional(),
  /** The model that the reply names; the requested one when absent. */
  model: z.string().optional(),
  /** Replaces fields of the whole completion. */
  patch: z.record(z.string(), z.json()).default({}),
  /** Quotes the key and the address in all that it says. */
  echo: z.boolean().default(false),
  headers,
});

/** An error in OpenAI's form, or any other body. */
const Status = z.strictObject({
  do: z.literal("status"),
  ...common,
  status: z.int().min(200).max(599),
  headers,
  /** The error's code; also its type. */
  code: z.string().optional(),
  message: z.string().optional(),
  body: z.json().optional(),
  echo: z.boolean().default(false),
});

/** Any bytes as the body of a reply. */
const Body = z.strictObject({
  do: z.literal("body"),
  ...common,
  status: z.int().min(200).max(999).default(200),
  /** Null: no content type. */
  type: z.string().nullable().default("application/json"),
  headers,
  text: z.string().default(""),
  /** Instead of the text, for bytes that are none. */
  base64: z.string().optional(),
  /** What the header claims, however long the body is; the connection is closed after it. */
  content_length: z.int().min(0).optional(),
});

/** Nothing more comes, and the connection stays open. */
const Hang = z.strictObject({ do: z.literal("hang"), ...common, after: stage });

/** The connection breaks. */
const Cut = z.strictObject({ do: z.literal("cut"), ...common, after: stage, how: z.enum(["reset", "close"]) });

/** A good reply, a few bytes at a time. */
const Drip = z.strictObject({ do: z.literal("drip"), ...common, bytes: z.int().min(1), every_ms: z.int().min(1) });

/** A body of that many bytes, or without an end, as the beginning of a JSON text. */
const Flood = z.strictObject({ do: z.literal("flood"), ...common, bytes: z.int().min(1).nullable() });

export const Step = z.discriminatedUnion("do", [Reply, Status, Body, Hang, Cut, Drip, Flood]);
export type Step = z.output<typeof Step>;
export type StepInput = z.input<typeof Step>;
export type StepOf<Do extends Step["do"]> = Extract<Step, { do: Do }>;
