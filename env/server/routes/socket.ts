import websocket from "@fastify/websocket";
import type { FastifyInstance } from "fastify";
import type { ServerConfig } from "../config.ts";
import { SUBPROTOCOL } from "../hooks/auth.ts";
import { refuse } from "../hooks/errors.ts";
import type { Sessions } from "../../session/sessions.ts";
import { CLOSE_CODES } from "../socket/close-codes.ts";
import { Connection } from "../socket/connection.ts";
import { Connections } from "../socket/connections.ts";

/** `/ws`: one episode slot per connection, one reply per frame, in order. */
export async function socketRoutes(app: FastifyInstance, sessions: Sessions, { limits }: ServerConfig): Promise<void> {
  const connections = new Connections(limits.pingMs);
  const options = {
    maxPayload: limits.frameBytes,
    maxFragments: limits.fragments,
    closeTimeout: limits.closeMs,
    perMessageDeflate: false,
    handleProtocols: (offered: Set<string>) => (offered.has(SUBPROTOCOL) ? (SUBPROTOCOL as string) : (false as const)),
  };
  await app.register(websocket, {
    options,
    // Emitted for a broken or oversize frame; ws has closed the socket with a code that says so.
    errorHandler: (error, _socket, request) => request.log.info({ err: error }, "socket error"),
    preClose(done) {
      connections.closeAll(CLOSE_CODES.draining);
      this.websocketServer.close(() => done()); // once every socket is closed, or was cut off
    },
  });
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
