import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { EnvError } from "../../core/errors.ts";
import { answerBody, readMcpBody, refuseBody } from "../../mcp/answer.ts";
import { speaksMcp } from "../../mcp/clients.ts";
import { episodeHandler, GONE } from "../../mcp/episode-handler.ts";
import { RpcError } from "../../mcp/json-rpc.ts";
import { begin, calledAccess, handleAccess } from "../../mcp/session-access.ts";
import { ConfigError } from "../config.ts";
import type { ServerContext } from "../context.ts";
import { refuse } from "../hooks/errors.ts";
import { internalError } from "../internal-error.ts";
import { mcpContext } from "../mcp-context.ts";
import { serverSettings } from "../settings.ts";
import { Connection } from "../socket/connection.ts";
import { mcpProtocol } from "../socket/mcp-protocol.ts";
import { agentName, isAgentName } from "./agent-name.ts";

/** What a client of the Model Context Protocol is told that takes the control plane for the agent's. */
const ELSEWHERE =
  "Tools are served at the address of an episode, /e/<handle>/mcp, which whoever opened it knows as its agent_path.";

/**
 * `/mcp`, the control plane: OpenEnv's JSON-RPC dialect, as a POST and on a WebSocket. The status is always 200; what is
 * wrong with a request stands in its answer.
 */
export function mcpRoutes(app: FastifyInstance, context: ServerContext): void {
  assertDefaults(context);
  void app.register((scope, _options, done) => {
    readBodiesAsText(scope);
    scope.post("/mcp", { onRequest: refuseBadName }, (request, reply) => {
      const mcp = mcpContext(context, request.log);
      if (speaksMcp(request.headers)) return refuseBody(textOf(request), new RpcError("methodNotFound", ELSEWHERE));
      const gone = new AbortController();
      reply.raw.once("close", () => gone.abort());
      return answerBody(textOf(request), calledAccess(mcp, gone.signal, agentName(request)), mcp);
    });
    scope.route({
      method: "GET",
      url: "/mcp",
      schema: { hide: true },
      onRequest: refuseBadName,
      handler: notAllowed,
      wsHandler(socket, request) {
        const visitor = { sessionId: null, agent: agentName(request) };
        const connection = new Connection(socket, visitor, mcpProtocol(context, request.log), context, request.log);
        context.connections.add(connection);
        socket.on("close", () => context.connections.delete(connection));
      },
    });
    scope.delete("/mcp", { schema: { hide: true } }, notAllowed);
    done();
  });
}

/** `/e/<handle>/mcp`, the agent plane: the tools of one episode, for clients of either protocol. */
export function episodeMcpRoutes(app: FastifyInstance, context: ServerContext): void {
  const { sessions, limits } = context;
  const handler = episodeHandler(sessions, { report: (error) => internalError(app.log, error) });
  app.addHook("onClose", () => handler.close());
  void app.register((scope, _options, done) => {
    readBodiesAsText(scope);
    const path = "/e/:handle/mcp";
    const config = { plane: "agent" } as const;
    scope.post<{ Params: { handle: string } }>(path, { config }, async (request, reply) => {
      const { handle } = request.params;
      const live = sessions.findByHandle(handle);
      if (live === null) return refuseBody(textOf(request), new RpcError("invalidParams", GONE));
      const mcp = mcpContext(context, request.log);
      if (!speaksMcp(request.headers)) return answerBody(textOf(request), handleAccess(mcp, handle, live), mcp);
      const read = readMcpBody(textOf(request), limits);
      if (!read.ok) return reply.code(400).send(read.response);
      reply.hijack();
      return handler.handle(request.raw, reply.raw, read.body);
    });
    scope.get(path, { config, schema: { hide: true } }, notAllowed);
    scope.delete(path, { config, schema: { hide: true } }, notAllowed);
    done();
  });
}

/** An episode must be able to begin before a client needs one. */
function assertDefaults({ sessions, config }: ServerContext): void {
  try {
    begin(sessions.temporary(), { seed: config.defaultSeed, task: config.defaultTask });
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    throw new ConfigError(`${serverSettings.defaultTask.flag}: ${error.message}`);
  }
}

/** Whatever it is declared as: OpenEnv checks no content type, and what is wrong with a body is said in JSON-RPC. */
function readBodiesAsText(scope: FastifyInstance): void {
  scope.addHook("onRequest", ({ headers }, _reply, done) => {
    // Fastify refuses a malformed one without asking a parser.
    if (!speaksMcp(headers)) headers["content-type"] = "text/plain";
    done();
  });
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", { parseAs: "string" }, (_request, text, done) => done(null, text));
}

const textOf = ({ body }: FastifyRequest): string => (typeof body === "string" ? body : "");

const notAllowed = (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  refuse(reply.header("allow", "POST"), "METHOD_NOT_ALLOWED");

function refuseBadName(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (isAgentName(request)) done();
  else refuse(reply, "BAD_AGENT_NAME");
}
