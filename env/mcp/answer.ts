import { EnvError } from "../core/errors.ts";
import type { Limits } from "../session/limits.ts";
import { StepConflict } from "../session/requests.ts";
import { shapeProblem } from "../session/shape.ts";
import { failure, readRequest, RpcError, success } from "./json-rpc.ts";
import type { RequestId, RpcResponse } from "./json-rpc.ts";
import { dispatch } from "./openenv-dialect.ts";
import type { SessionAccess } from "./openenv-dialect.ts";

/** What answering takes besides the request. */
export interface AnswerContext {
  readonly limits: Limits;
  /** Logs an unexpected error; returns what its client may know of it. */
  readonly report: (error: unknown) => EnvError;
}

/** Answers one JSON-RPC request, given as a parsed object. Never throws. */
export function answerObject(value: object, access: SessionAccess, context: AnswerContext): RpcResponse {
  const read = readWithin(value, context.limits);
  if (!read.ok) return failure(read.id, read.error);
  try {
    return success(read.id, dispatch(read.request, access));
  } catch (error) {
    return failed(read.id, error, context);
  }
}

/** Answers the body of a POST, whatever it is; a session may have to be waited for. Never rejects. */
export async function answerBody(
  body: string,
  access: SessionAccess<object | Promise<object>>,
  context: AnswerContext,
): Promise<RpcResponse> {
  const value = parsed(body);
  if (!isObject(value)) return failure(null, notJson());
  const read = readWithin(value, context.limits);
  if (!read.ok) return failure(read.id, read.error);
  try {
    return success(read.id, await dispatch(read.request, access));
  } catch (error) {
    return failed(read.id, error, context);
  }
}

/** Refuses the body of a POST, whatever it asks for, under the id of its request. */
export function refuseBody(body: string, error: RpcError): RpcResponse {
  const value = parsed(body);
  return failure(isObject(value) ? readRequest(value).id : null, error);
}

export type McpBody =
  | { readonly ok: true; readonly body: object }
  | { readonly ok: false; readonly response: RpcResponse };

/** Reads the body of a POST by a client of the Model Context Protocol, whose older revisions also send lists. */
export function readMcpBody(body: string, limits: Limits): McpBody {
  const value = parsed(body);
  if (typeof value !== "object" || value === null) return { ok: false, response: failure(null, notJson()) };
  const problem = shapeProblem(value, limits, false);
  return problem === null
    ? { ok: true, body: value }
    : { ok: false, response: failure(null, new RpcError("invalidRequest", `Invalid request. ${problem}`)) };
}

/** A reply on a raw WebSocket. */
export interface SocketAnswer {
  readonly text: string;
  /** Whether the connection ends after it. */
  readonly close: boolean;
}

/** Answers one frame of a WebSocket; null stands for a binary one. What is no object at all ends the connection. */
export function answerFrame(frame: string | null, access: SessionAccess, context: AnswerContext): SocketAnswer {
  const value = frame === null ? null : parsed(frame);
  if (value === undefined) return reply(failure(null, notJson()), false);
  if (isObject(value)) return reply(answerObject(value, access, context), false);
  const error = new RpcError("serverError", "Expected a text frame with one JSON object. The connection is closed.");
  return reply(failure(null, error), true);
}

/** Arguments of a tool are the environment's matter, however long their texts are. */
function readWithin(value: object, limits: Limits): ReturnType<typeof readRequest> {
  const read = readRequest(value);
  const problem = shapeProblem(value, limits, !(read.ok && read.request.method === "tools/call"));
  if (problem === null || !read.ok) return read;
  return { ok: false, id: read.id, error: new RpcError("invalidRequest", `Invalid request. ${problem}`) };
}

function failed(id: RequestId, error: unknown, { report }: AnswerContext): RpcResponse {
  if (error instanceof RpcError) return failure(id, error);
  return failure(id, refusal(error instanceof EnvError ? error : report(error)));
}

/** The environment's refusal, with its own code beside that of JSON-RPC. */
export function refusal(error: EnvError): RpcError {
  if (error.code === "BAD_OPTION") {
    return new RpcError("invalidParams", `Invalid params. ${error.message}`, { reason: error.code });
  }
  const position = error instanceof StepConflict ? { step_count: error.stepCount } : {};
  return new RpcError("internalError", error.message, { reason: error.code, ...position });
}

const notJson = (): RpcError => new RpcError("parseError", "Parse error. Expected one JSON object.");

const reply = (response: RpcResponse, close: boolean): SocketAnswer => ({ text: JSON.stringify(response), close });

/** Undefined where the text is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
