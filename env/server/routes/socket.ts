import type { FastifyInstance } from "fastify";
import type { ServerContext } from "../context.ts";
import { refuse } from "../hooks/errors.ts";
import { openEnvProtocol } from "../socket/answer.ts";
import { Connection } from "../socket/connection.ts";
import { agentName, isAgentName } from "./agent-name.ts";
import { namedSession } from "./which-session.ts";

/** `/ws`: one episode slot per connection, one reply per frame, in order. Without an upgrade there is nothing here. */
export function socketRoutes(app: FastifyInstance, context: ServerContext): void {
  app.route({
    method: "GET",
    url: "/ws",
    schema: { hide: true },
    onRequest: (request, reply, done) => {
      if (isAgentName(request)) done();
      else refuse(reply, "BAD_AGENT_NAME");
    },
    handler: (_request, reply) => refuse(reply, "NOT_FOUND"),
    wsHandler(socket, request) {
      const visitor = { sessionId: namedSession(request), agent: agentName(request) };
      const connection = new Connection(socket, visitor, openEnvProtocol(context, request.log), context, request.log);
      context.connections.add(connection);
      socket.on("close", () => context.connections.delete(connection));
    },
  });
}
