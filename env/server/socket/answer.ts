import type { FastifyBaseLogger } from "fastify";
import { errorFrame, readFrame, resetFrame, stateFrame, stepFrame } from "../../contract/frames.ts";
import type { Frame } from "../../contract/frames.ts";
import { EnvError } from "../../core/errors.ts";
import type { Limits } from "../../session/limits.ts";
import type { Session } from "../../session/session.ts";
import { shapeProblem } from "../../session/shape.ts";
import { internalError } from "../internal-error.ts";
import type { ReceivedFrame } from "./frame-queue.ts";

export interface Answer {
  /** Exactly one reply for each frame; null only for `close`. */
  readonly text: string | null;
  /** Whether the connection ends after it. */
  readonly close: boolean;
  /** Whether an episode was played, which a session that is not idle does. */
  readonly played: boolean;
}

/** Answers one frame on a session. Never throws: an exception in a message handler would end the process. */
export function answer(received: ReceivedFrame, session: Session, limits: Limits, log: FastifyBaseLogger): Answer {
  if (received === null) return fatal;
  let message: unknown;
  try {
    message = JSON.parse(received);
  } catch {
    return reply(errorFrame("INVALID_JSON"));
  }
  if (typeof message !== "object" || message === null || Array.isArray(message)) return fatal;
  const isStep = Object.hasOwn(message, "type") && (message as { type: unknown }).type === "step";
  const problem = shapeProblem(message, limits, !isStep);
  if (problem !== null) return reply(errorFrame("VALIDATION_ERROR", { message: problem, errors: [] }));
  const read = readFrame(message);
  if (read.ok) return read.frame.type === "close" ? farewell : carryOut(read.frame, session, log);
  return reply(read.code === "UNKNOWN_TYPE" ? errorFrame(read.code) : errorFrame(read.code, { errors: read.issues }));
}

function carryOut(frame: Exclude<Frame, { type: "close" }>, session: Session, log: FastifyBaseLogger): Answer {
  try {
    if (frame.type === "state") return reply(stateFrame(session.state()));
    const text = frame.type === "reset" ? resetFrame(session.reset(frame.data)) : stepFrame(session.step(frame.data));
    return { text, close: false, played: true };
  } catch (error) {
    if (error instanceof EnvError) return reply(refusal(error));
    session.abandon();
    return reply(refusal(internalError(log, error)));
  }
}

const refusal = ({ code, message }: EnvError): string => errorFrame("EXECUTION_ERROR", { message, reason: code });
const reply = (text: string): Answer => ({ text, close: false, played: false });
const farewell: Answer = { text: null, close: true, played: false };
const fatal: Answer = { text: errorFrame("SESSION_ERROR"), close: true, played: false };
