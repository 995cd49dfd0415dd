import type { FastifyInstance } from "fastify";
import type { Limits } from "../../session/limits.ts";
import type { Sessions } from "../../session/sessions.ts";
import { refuse } from "../hooks/errors.ts";
import { Connection } from "../socket/connection.ts";
import type { Connections } from "../socket/connections.ts";

/** What a socket route needs. */
export interface SocketContext {
  readonly sessions: Sessions;
  readonly connections: Connections;
  readonly limits: Limits;
}

/** `/ws`: one episode slot per connection, one reply per frame, in order. Without an upgrade there is nothing here. */
export function socketRoutes(app: FastifyInstance, { sessions, connections, limits }: SocketContext): void {
  app.route({
    method: "GET",
    url: "/ws",
    handler: (_request, reply) => refuse(reply, "NOT_FOUND"),
    wsHandler(socket, request) {
      const connection = new Connection(socket, sessions, limits, request.log);
      connections.add(connection);
      socket.on("close", () => connections.delete(connection));
    },
  });
}
