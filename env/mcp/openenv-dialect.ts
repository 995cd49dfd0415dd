import type { Player } from "../session/player.ts";
import type { Session } from "../session/session.ts";
import { RpcError } from "./json-rpc.ts";
import type { RpcRequest } from "./json-rpc.ts";
import { requestKeys } from "./request-keys.ts";
import { callTool } from "./tool-call.ts";
import { openEnvResult } from "./tool-result.ts";
import { isTool, tools, unknownTool } from "./tools.ts";

type Params = RpcRequest["params"];

/**
 * What a client of the dialect has access to, which depends on how it came in.
 * @typeParam Created the result of `create`, or a promise of it where a session has to be waited for
 */
export interface SessionAccess<Created extends object = object> {
  /** `openenv/session/create`: a session to play in. */
  create(params: Params): Created;
  /** `openenv/session/close`. */
  close(sessionId: string): object;
  /** The episode of a session; null for an unknown id. */
  find(sessionId: string): Player | null;
  /** The episode that is meant when no session is named. */
  own(): Player;
  /** A session for looking something up. */
  fresh(): Session;
}

/**
 * Carries out one request of OpenEnv's JSON-RPC dialect: four methods, no handshake, a reply to everything.
 * @returns the result
 * @throws RpcError for what is wrong with the request, EnvError for what the environment refuses
 */
export function dispatch<Created extends object>(
  { method, params }: RpcRequest,
  access: SessionAccess<Created>,
): object | Created {
  switch (method) {
    case "openenv/session/create":
      return access.create(params);
    case "openenv/session/close":
      return access.close(required(params, "session_id"));
    case "tools/list":
      return listTools(params, access);
    case "tools/call":
      return call(params, access);
    default:
      throw new RpcError("methodNotFound", `Method not found: ${shortened(method)}. ${hintFor(method)}`);
  }
}

const openEnvTools = tools.map((tool) => ({ ...tool, input_schema: tool.inputSchema }));

function listTools(params: Params, access: SessionAccess): object {
  const sessionId = optional(params, "session_id");
  if (sessionId !== null && access.find(sessionId) === null) throw unknownSession(sessionId);
  return { tools: openEnvTools };
}

/** An unknown tool is a mistake of the client, not of the agent: no step is taken. */
function call(params: Params, access: SessionAccess): object {
  const name = required(params, "name");
  const given = own(params, "arguments") ?? {};
  if (typeof given !== "object" || Array.isArray(given)) throw invalid("arguments: expected an object.");
  const keys = requestKeys(own(params, "_meta"));
  const sessionId = optional(params, "session_id");
  if (!isTool(name)) throw new RpcError("internalError", unknownTool(name));
  const episode = sessionId === null ? access.own() : access.find(sessionId);
  if (episode === null) throw unknownSession(sessionId as string);
  const toolCall = { name, arguments: given as Record<string, unknown>, keys };
  return openEnvResult(callTool(episode, toolCall, () => access.fresh()));
}

const hintFor = (method: string): string =>
  method === "initialize"
    ? "A client of the Model Context Protocol sends the header Accept: application/json, text/event-stream."
    : "Methods: tools/list, tools/call, openenv/session/create, openenv/session/close.";

export const unknownSession = (id: string): RpcError => invalid(`Unknown session_id ${JSON.stringify(shortened(id))}.`);

const invalid = (detail: string): RpcError => new RpcError("invalidParams", `Invalid params. ${detail}`);

const shortened = (text: string): string => text.slice(0, 80).toWellFormed();

function required(params: Params, name: string): string {
  const text = optional(params, name);
  if (text === null || text === "") throw invalid(`"${name}" is missing.`);
  return text;
}

/** Null where it is absent. */
function optional(params: Params, name: string): string | null {
  const value = own(params, name) ?? null;
  if (value !== null && typeof value !== "string") throw invalid(`${name}: expected a text.`);
  return value;
}

const own = (params: Params, name: string): unknown => (Object.hasOwn(params, name) ? params[name] : undefined);
