import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { FastifyInstance } from "fastify";
import { refuse } from "./errors.ts";

/** The subprotocol that is spoken, and the prefix of the one that carries a token: browsers cannot send headers. */
export const SUBPROTOCOL = "oncall";
const TOKEN_PROTOCOL = "bearer.";

/** Paths that are open to everyone: load balancers send no token. */
const OPEN_PATHS = new Set(["/health"]);

/** Demands the control token for everything but health checks; without a token, nothing is demanded. */
export function checkToken(app: FastifyInstance, token: string | null): void {
  if (token === null) return;
  const expected = digest(token);
  app.addHook("onRequest", (request, reply, done) => {
    const given = tokenOf(request.headers);
    const open = OPEN_PATHS.has(request.url.split("?", 1)[0] as string);
    // Digests have one length, so that the comparison takes the same time whatever was sent.
    if (open || (given !== null && timingSafeEqual(digest(given), expected))) done();
    else refuse(reply.header("www-authenticate", "Bearer"), "UNAUTHORIZED");
  });
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
