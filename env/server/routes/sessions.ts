import type { FastifyInstance } from "fastify";
import type { ServerContext } from "../context.ts";
import { describeSession } from "../descriptor.ts";
import { refuse } from "../hooks/errors.ts";
import { namedSession, sessionFor } from "./which-session.ts";

/** Sessions by their ids: how one is found again, and its end. */
export function sessionRoutes(app: FastifyInstance, context: ServerContext): void {
  app.get("/session", (request, reply) => {
    const live = sessionFor(namedSession(request) ?? "", context);
    return live === null ? refuse(reply, "UNKNOWN_SESSION") : describeSession(live, context);
  });

  app.delete("/session", (request, reply) => {
    const live = sessionFor(namedSession(request) ?? "", context);
    if (live === null) return refuse(reply, "UNKNOWN_SESSION");
    live.end();
    return reply.code(204).send();
  });
}
