import { z } from "zod";
import type { ErrorCode } from "../core/errors.ts";
import type { ObservationBody } from "./http.ts";
import { ExpectedStep, RequestId } from "./request-keys.ts";
import type { EpisodeState } from "./state-schema.ts";

const JsonObject = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected an object",
);

/** Beside what is played, so that it can be sent again after a lost reply. Stock clients send neither. */
const keys = { request_id: RequestId.optional(), expected_step: ExpectedStep.optional() };

/**
 * Frames that a client may send, by type. Strict: an unknown key beside `type` and `data` is refused, as in OpenEnv.
 * `data` of a step is the action itself, any JSON value: whether it is a valid action decides the environment.
 */
const requests = {
  reset: z.strictObject({ type: z.literal("reset"), data: JsonObject.nullish(), ...keys }),
  step: z.strictObject({ type: z.literal("step"), data: z.unknown(), ...keys }),
  state: z.strictObject({ type: z.literal("state") }),
  mcp: z.strictObject({ type: z.literal("mcp"), data: JsonObject }),
  close: z.strictObject({ type: z.literal("close") }),
  session: z.strictObject({ type: z.literal("session") }),
  resume: z.strictObject({ type: z.literal("resume"), data: z.strictObject({ token: z.string().max(256) }) }),
} as const;
export type FrameType = keyof typeof requests;
export type Frame = z.output<(typeof requests)[FrameType]>;
const FRAME_TYPES = Object.keys(requests) as FrameType[];

/** Why a frame was refused. Codes are OpenEnv's; its stock clients show message and code. */
const FRAME_ERRORS = {
  INVALID_JSON: "Expected a frame of JSON; this is not JSON.",
  UNKNOWN_TYPE: `Expected "type" to be one of ${FRAME_TYPES.join(", ")}.`,
  VALIDATION_ERROR: "The message does not fit its type.",
  EXECUTION_ERROR: "The environment refused.",
  CAPACITY_REACHED: "All episodes of this server are taken. Try again when one has ended.",
  SESSION_ERROR: "Expected a text frame with one JSON object. The connection is closed.",
} as const;
export type FrameErrorCode = keyof typeof FRAME_ERRORS;

/** What is wrong with one place of a frame. */
export interface FrameIssue {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
}

export type ReadFrame =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly code: "UNKNOWN_TYPE" }
  | { readonly ok: false; readonly code: "VALIDATION_ERROR"; readonly issues: readonly FrameIssue[] };

/** Reads a parsed JSON object as a frame. */
export function readFrame(value: object): ReadFrame {
  const type = Object.hasOwn(value, "type") ? (value as { type: unknown }).type : undefined;
  if (typeof type !== "string" || !Object.hasOwn(requests, type)) return { ok: false, code: "UNKNOWN_TYPE" };
  if (type === "step" && !Object.hasOwn(value, "data")) {
    return { ok: false, code: "VALIDATION_ERROR", issues: [{ loc: ["data"], msg: "a step needs data: the action" }] };
  }
  const parsed = requests[type as FrameType].safeParse(value);
  if (parsed.success) return { ok: true, frame: parsed.data };
  const issues = parsed.error.issues.map(({ path, message }) => ({
    loc: path.map(asIndex),
    msg: message.toWellFormed(),
  }));
  return { ok: false, code: "VALIDATION_ERROR", issues };
}

const asIndex = (key: PropertyKey): string | number => (typeof key === "symbol" ? String(key) : key);

/** A step may also show a list of tools, or the result of one. */
type SteppedBody = Omit<ObservationBody, "observation"> & { readonly observation: object };

/** The reply to a reset or step. */
export const observationFrame = (data: SteppedBody, requestId?: string): string =>
  JSON.stringify({ type: "observation", data, request_id: requestId });

/** The reply to `state`. */
export const stateFrame = (state: EpisodeState): string => JSON.stringify({ type: "state", data: state });

/** The reply to `mcp`: a JSON-RPC response. */
export const mcpFrame = (data: object): string => JSON.stringify({ type: "mcp", data });

/** The reply to `session` and `resume`. */
export const sessionFrame = (data: SessionDescriptor): string => JSON.stringify({ type: "session", data });

/** How a session is found again, and where its episode stands. Control plane. */
export interface SessionDescriptor {
  readonly session_id: string;
  /** Resumes the session once, with `/ws?session_id=…`; told here only. */
  readonly resume_token: string;
  /** How long the session waits for its client, in seconds. */
  readonly resume_window_s: number;
  /** Whether it can be resumed after a crash of the server. */
  readonly durable: boolean;
  /** Agent plane: leads to the present episode; null before the first reset. */
  readonly agent_path: string | null;
  readonly step_count: number;
  readonly episode_id: string | null;
  readonly done: boolean;
  /** Of the last accepted request; null if it had none. */
  readonly last_request_id: string | null;
}

/** What an error frame says besides its code. */
export interface FrameErrorDetails {
  /** Absent: the code's own sentence. */
  readonly message?: string;
  /** The environment's code, beside EXECUTION_ERROR. */
  readonly reason?: ErrorCode;
  readonly errors?: readonly FrameIssue[];
  readonly active_sessions?: number;
  readonly max_sessions?: number;
  /** Where the episode is, beside STEP_CONFLICT. */
  readonly step_count?: number;
}

export const errorFrame = (
  code: FrameErrorCode,
  { message, ...details }: FrameErrorDetails = {},
  requestId?: string,
): string =>
  JSON.stringify({
    type: "error",
    data: { message: message ?? FRAME_ERRORS[code], code, ...details },
    request_id: requestId,
  });
