import type { Socket } from "node:net";
import websocket from "@fastify/websocket";
import type { FastifyInstance } from "fastify";
import type { Limits } from "../../session/limits.ts";
import { SUBPROTOCOL } from "../hooks/auth.ts";

/**
 * Lets an app upgrade connections. Must come before every hook that may refuse one: the plugin's own hook marks a
 * request as an upgrade, and only a marked one has its connection closed when it is refused.
 */
export async function useWebSockets(app: FastifyInstance, limits: Limits): Promise<void> {
  const cutOff = trackSockets(app);
  const options = {
    maxPayload: limits.frameBytes,
    maxFragments: limits.fragments,
    closeTimeout: limits.closeMs,
    perMessageDeflate: false,
    handleProtocols: (offered: Set<string>) => (offered.has(SUBPROTOCOL) ? (SUBPROTOCOL as string) : (false as const)),
  };
  await app.register(websocket, {
    options,
    // A broken or oversize frame; ws closes the socket with a code that says so.
    errorHandler: (error, _socket, request) => request.log.info({ err: error }, "socket error"),
    preClose(done) {
      this.websocketServer.close(() => {
        cutOff();
        done();
      });
    },
  });
}

/** Follows every connection, so that a shutdown can end those that no other part knows; returns what ends them. */
function trackSockets(app: FastifyInstance): () => void {
  const open = new Set<Socket>();
  app.server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  return () => {
    for (const socket of open) socket.destroy();
  };
}
