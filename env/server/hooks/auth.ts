import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import type { ServerConfig } from "../config.ts";
import { refuse } from "./errors.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /**
     * Who may call a route: whoever has the control token, which opens everything; also whoever has the agent's; or
     * everyone. Control unless said otherwise, and so is every path that is not served.
     */
    plane?: "control" | "agent" | "open";
  }
}

/** The subprotocol that is spoken, and the prefix of the one that carries a token: browsers cannot send headers. */
export const SUBPROTOCOL = "oncall";
const TOKEN_PROTOCOL = "bearer.";

/** Demands a token for everything but routes that are open; without a control token, nothing is demanded. */
export function checkToken(app: FastifyInstance, config: Pick<ServerConfig, "controlToken" | "agentToken">): void {
  if (config.controlToken === null) return;
  const control = digest(config.controlToken);
  const agent = config.agentToken === null ? null : digest(config.agentToken);
  app.addHook("onRequest", (request, reply, done) => {
    const { plane = "control" } = request.routeOptions.config;
    if (plane === "open") return done();
    // Digests have one length, so that the comparison takes the same time whatever was sent.
    const given = digest(tokenOf(request.headers) ?? "");
    if (timingSafeEqual(given, control)) return done();
    if (agent === null || !timingSafeEqual(given, agent)) {
      refuse(reply.header("www-authenticate", "Bearer"), "UNAUTHORIZED");
    } else if (plane === "agent") done();
    else refuse(reply, "CONTROL_ONLY");
  });
}

/**
 * Takes the token out of `/t/<token>/…`, for clients that cannot send a header but keep a path in front of theirs. It
 * goes on as a header, so that no part of the server, and no log, sees it in an address.
 * @returns the address without it
 */
export function takePathToken(request: IncomingMessage & { originalUrl?: string }): string {
  const [, token, rest] = /^\/t\/([^/?#]+)(\/.*)?$/s.exec(request.url ?? "/") ?? [];
  if (token === undefined) return request.url ?? "/";
  request.headers.authorization ??= `Bearer ${token}`;
  request.originalUrl = rest ?? "/";
  return rest ?? "/";
}

/** From `Authorization: Bearer <token>`, or the WebSocket subprotocol `bearer.<token>`. */
function tokenOf(headers: IncomingHttpHeaders): string | null {
  const [, bearer] = /^bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  if (bearer !== undefined) return bearer;
  const protocols = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const found = protocols.find((name) => name.startsWith(TOKEN_PROTOCOL));
  return found === undefined ? null : found.slice(TOKEN_PROTOCOL.length);
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
