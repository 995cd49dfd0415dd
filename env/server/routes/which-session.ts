import type { FastifyRequest } from "fastify";
import type { LiveSession } from "../../session/live-session.ts";
import type { ServerContext } from "../context.ts";
import { said } from "./said.ts";

/** Asks for a new session, in place of an id. */
export const NEW_SESSION = "new";

/** The header that names a session, in requests and in the answer to the reset that opened it. */
export const SESSION_HEADER = "x-session-id";

/** The session that a request names, by its header or as `?session_id=`; null where it names none. */
export const namedSession = (request: Pick<FastifyRequest, "headers" | "query">): string | null =>
  said(request, SESSION_HEADER, "session_id");

/** The session of this id for a call from outside of it; null for unknown, foreign and expired ids alike. */
export function sessionFor(id: string, { sessions }: ServerContext): LiveSession | null {
  const live = sessions.find(id);
  live?.heard();
  return live;
}
