import { z } from "zod";
import type { FrameErrorCode } from "../../../env/contract/frames.ts";
import { HTTP_ERRORS } from "../../../env/contract/http-errors.ts";
import { ERRORS } from "../../../env/core/errors.ts";
import { RPC_CODES } from "../../../env/mcp/json-rpc.ts";
import { judgeOf } from "./from-schema.ts";
import type { Schema } from "./from-schema.ts";

/** What a server publishes at `/schema`. */
export interface Published {
  readonly action: Schema;
  readonly observation: Schema;
  readonly state: Schema;
}

/** Checks replies against what is published and documented. Each returns what does not fit, or null. */
export interface ReplyChecks {
  /** Data of an observation frame, or the body of a reset or step. */
  observation(data: unknown): string | null;
  state(data: unknown): string | null;
  frameError(data: unknown): string | null;
  /** Body of an HTTP refusal with this status. */
  httpError(status: number, body: unknown): string | null;
  rpc(body: unknown): string | null;
}

const FRAME_CODES = {
  INVALID_JSON: true,
  UNKNOWN_TYPE: true,
  VALIDATION_ERROR: true,
  EXECUTION_ERROR: true,
  CAPACITY_REACHED: true,
  SESSION_ERROR: true,
} satisfies Record<FrameErrorCode, true>;

const Sentence = z.string().min(10).max(2000);
const Code = z.enum(Object.keys(ERRORS) as [string, ...string[]]).exclude(["INTERNAL"]);
const FrameError = z.strictObject({
  message: Sentence,
  code: z.enum(Object.keys(FRAME_CODES) as [string, ...string[]]),
  reason: Code.optional(),
  errors: z.array(z.strictObject({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string() })).optional(),
  step_count: z.int().min(0).optional(),
});

const HttpError = z.strictObject({
  detail: Sentence,
  code: z.enum([...Object.keys(HTTP_ERRORS), ...Code.options]),
  step_count: z.int().min(0).optional(),
});
const InvalidBody = z.strictObject({
  detail: z
    .array(
      z.strictObject({
        type: z.string(),
        loc: z.tuple([z.literal("body")], z.union([z.string(), z.number()])),
        msg: z.string(),
        input: z.union([z.string(), z.number(), z.boolean(), z.null()]),
      }),
    )
    .min(1),
});

const Id = z.union([z.string(), z.number(), z.null()]);
const Rpc = z.union([
  z.strictObject({ jsonrpc: z.literal("2.0"), id: Id, result: z.looseObject({}) }),
  z.strictObject({
    jsonrpc: z.literal("2.0"),
    id: Id,
    error: z.strictObject({
      code: z.union(Object.values(RPC_CODES).map((code) => z.literal(code))),
      message: Sentence,
      data: z.looseObject({}).nullable(),
    }),
  }),
]);
const Done = z.strictObject({
  observation: z.looseObject({}),
  reward: z.number().nullable(),
  done: z.boolean(),
  metadata: z.strictObject({ terminated: z.boolean(), truncated: z.boolean(), info: z.looseObject({}) }),
});

export function replyChecks({ observation, state }: Pick<Published, "observation" | "state">): ReplyChecks {
  const Observation = judgeOf(observation);
  const State = judgeOf(state);
  return {
    observation(data) {
      const whole = problem(Done, data);
      if (whole !== null) return whole;
      const { observation: shown, reward, done } = data as z.output<typeof Done>;
      return problem(Observation, { ...shown, reward, done });
    },
    state: (data) => problem(State, data),
    frameError: (data) => problem(FrameError, data),
    httpError(status, body) {
      if (status === 422) return problem(InvalidBody, body);
      const found = problem(HttpError, body);
      if (found !== null) return found;
      const { code } = body as z.output<typeof HttpError>;
      const documented = (HTTP_ERRORS as Readonly<Record<string, { readonly status: number }>>)[code]?.status ?? 409;
      return documented === status ? null : `${code} with status ${status}`;
    },
    rpc: (body) => problem(Rpc, body),
  };
}

function problem(schema: z.ZodType, data: unknown): string | null {
  const { error } = schema.safeParse(data);
  return error === undefined ? null : `${z.prettifyError(error)} in ${JSON.stringify(data).slice(0, 300)}`;
}
