import type { FastifyBaseLogger } from "fastify";
import { errorFrame, mcpFrame, observationFrame, readFrame, sessionFrame, stateFrame } from "../../contract/frames.ts";
import type { Frame, FrameErrorCode, FrameErrorDetails } from "../../contract/frames.ts";
import { EnvError } from "../../core/errors.ts";
import { answerObject } from "../../mcp/answer.ts";
import { connectionAccess } from "../../mcp/session-access.ts";
import type { Limits } from "../../session/limits.ts";
import type { LiveSession } from "../../session/live-session.ts";
import { StepConflict } from "../../session/requests.ts";
import { shapeProblem } from "../../session/shape.ts";
import type { ServerContext } from "../context.ts";
import { describeSession } from "../descriptor.ts";
import { internalError } from "../internal-error.ts";
import { mcpContext } from "../mcp-context.ts";
import { playReset, playStep } from "../play.ts";
import type { ReceivedFrame } from "./frame-queue.ts";
import type { Answer, Protocol } from "./protocol.ts";

/** A frame that could be read, or the answer to one that could not. */
export type FrameOrAnswer = { readonly frame: Frame } | { readonly answer: Answer };

/** OpenEnv's frames, on `/ws`. An episode begins when the client resets. */
export const openEnvProtocol = (context: ServerContext, log: FastifyBaseLogger): Protocol => ({
  begin: () => {},
  answer(received, live) {
    const read = receive(received, context.limits);
    return "answer" in read ? read.answer : answer(read.frame, live, context, log);
  },
  full: (load) => errorFrame("CAPACITY_REACHED", load),
});

/** Reads one frame as it came. */
export function receive(received: ReceivedFrame, limits: Limits): FrameOrAnswer {
  if (received === null) return { answer: fatal() };
  let message: unknown;
  try {
    message = JSON.parse(received);
  } catch {
    return refused("INVALID_JSON");
  }
  if (typeof message !== "object" || message === null || Array.isArray(message)) return { answer: fatal() };
  const type = Object.hasOwn(message, "type") ? (message as { type: unknown }).type : undefined;
  const holdsAction = type === "step" || type === "mcp";
  const problem = shapeProblem(message, limits, !holdsAction);
  if (problem !== null) return refused("VALIDATION_ERROR", { message: problem, errors: [] });
  const read = readFrame(message);
  if (read.ok) return read;
  return read.code === "UNKNOWN_TYPE" ? refused(read.code) : refused(read.code, { errors: read.issues });
}

/** Answers a frame of a client that plays. Never throws: an exception in a message handler would end the process. */
export function answer(frame: Frame, live: LiveSession, context: ServerContext, log: FastifyBaseLogger): Answer {
  const requestId = "request_id" in frame ? frame.request_id : undefined;
  try {
    return carryOut(frame, live, context, log);
  } catch (error) {
    if (error instanceof EnvError) return reply(refusal(error, requestId));
    live.abandon();
    return reply(refusal(internalError(log, error), requestId));
  }
}

/** An error frame after which the connection ends. */
export const fatal = (details: FrameErrorDetails = {}): Answer => ({
  text: errorFrame("SESSION_ERROR", details),
  afterwards: "error",
});

function carryOut(frame: Frame, live: LiveSession, context: ServerContext, log: FastifyBaseLogger): Answer {
  switch (frame.type) {
    case "reset":
      return reply(observationFrame(playReset(live, frame.data, keysOf(frame)), frame.request_id));
    case "step":
      return reply(observationFrame(playStep(live, frame.data, keysOf(frame), context), frame.request_id));
    case "state":
      return reply(stateFrame(live.state()));
    case "mcp": {
      const mcp = mcpContext(context, log);
      return reply(mcpFrame(answerObject(frame.data, connectionAccess(mcp, live), mcp)));
    }
    case "session":
      return reply(sessionFrame(describeSession(live, context)));
    case "resume":
      return live.opensWith(frame.data.token) ? reply(sessionFrame(describeSession(live, context))) : fatal(NO_RESUME);
    case "close":
      return { text: null, afterwards: "farewell" };
  }
}

/** The same words whatever is wrong: who has no token learns nothing of other sessions. */
export const NO_RESUME = {
  message: "Expected /ws?session_id=<id> of a session that waits for a client, and its token in a resume frame first.",
};

const keysOf = (frame: Extract<Frame, { type: "reset" | "step" }>) => ({
  requestId: frame.request_id,
  expectedStep: frame.expected_step,
});

const refusal = (error: EnvError, requestId: string | undefined): string =>
  errorFrame(
    "EXECUTION_ERROR",
    {
      message: error.message,
      reason: error.code,
      ...(error instanceof StepConflict ? { step_count: error.stepCount } : {}),
    },
    requestId,
  );

const reply = (text: string): Answer => ({ text, afterwards: "open" });
const refused = (code: FrameErrorCode, details: FrameErrorDetails = {}) => ({
  answer: reply(errorFrame(code, details)),
});
