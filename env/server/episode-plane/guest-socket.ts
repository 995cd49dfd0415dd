import type { WebSocket } from "@fastify/websocket";
import type { FastifyBaseLogger } from "fastify";
import { errorFrame, mcpFrame, observationFrame } from "../../contract/frames.ts";
import type { Frame } from "../../contract/frames.ts";
import { EnvError } from "../../core/errors.ts";
import { answerObject } from "../../mcp/answer.ts";
import { handleAccess } from "../../mcp/session-access.ts";
import type { ServerContext } from "../context.ts";
import { internalError } from "../internal-error.ts";
import { mcpContext } from "../mcp-context.ts";
import { playReset, playStep } from "../play.ts";
import { receive } from "../socket/answer.ts";
import { CLOSE_CODES } from "../socket/close-codes.ts";
import { FrameQueue } from "../socket/frame-queue.ts";
import type { ReceivedFrame } from "../socket/frame-queue.ts";
import { agentBody } from "./agent-body.ts";
import type { FollowedEpisode } from "./followed-episode.ts";

const NOT_HERE = "This address leads to one incident and gives no control over it: reset once, then step.";

/**
 * OpenEnv's frames on `/e/<handle>/ws`, so that a stock client works, for an agent under test: the first reset returns
 * the page whatever it asks for, a second one and the control plane's questions are refused, and no reward is told.
 */
export function serveGuest(
  socket: WebSocket,
  episode: FollowedEpisode,
  context: ServerContext,
  log: FastifyBaseLogger,
): void {
  const frames = new FrameQueue(socket, context.limits, (frame) => take(frame));
  socket.on("message", (data: Buffer, isBinary: boolean) => frames.push(isBinary ? null : data.toString()));
  socket.on("error", () => frames.stop());
  socket.on("close", () => frames.stop());
  frames.start();

  const take = (received: ReceivedFrame): void => {
    const read = receive(received, context.limits);
    if ("answer" in read) {
      if (read.answer.text !== null) socket.send(read.answer.text);
      if (read.answer.afterwards !== "open") socket.close(CLOSE_CODES.normal);
    } else if (read.frame.type === "close") socket.close(CLOSE_CODES.normal);
    else {
      socket.send(answer(read.frame, episode, context, log));
      frames.hold();
      episode.whenNoted(() => frames.start());
    }
  };
}

/** Never throws: an exception in a message handler would end the process. */
function answer(
  frame: Exclude<Frame, { type: "close" }>,
  episode: FollowedEpisode,
  context: ServerContext,
  log: FastifyBaseLogger,
): string {
  const requestId = "request_id" in frame ? frame.request_id : undefined;
  try {
    return carryOut(frame, episode, context, log);
  } catch (error) {
    const { code, message } = error instanceof EnvError ? error : internalError(log, error);
    if (!(error instanceof EnvError)) episode.broke(error as Error);
    return errorFrame("EXECUTION_ERROR", { message, reason: code }, requestId);
  }
}

function carryOut(
  frame: Exclude<Frame, { type: "close" }>,
  episode: FollowedEpisode,
  context: ServerContext,
  log: FastifyBaseLogger,
): string {
  switch (frame.type) {
    case "reset":
      return observationFrame(agentBody(playReset(episode.guest, frame.data, {})), frame.request_id);
    case "step": {
      const keys = { requestId: frame.request_id, expectedStep: frame.expected_step };
      return observationFrame(agentBody(playStep(episode.guest, frame.data, keys, context)), frame.request_id);
    }
    case "mcp": {
      const mcp = mcpContext(context, log);
      return mcpFrame(answerObject(frame.data, handleAccess(mcp, episode.handle, episode.live), mcp));
    }
    case "state":
    case "session":
    case "resume":
      return errorFrame("EXECUTION_ERROR", { message: NOT_HERE });
  }
}
