import type { FastifyInstance } from "fastify";
import type { ServerContext } from "../context.ts";
import { refuse } from "../hooks/errors.ts";
import { healthOf } from "./health.ts";

/** The agent plane: what an agent may reach by the handle of its episode. Nothing here controls anything. */
export function agentRoutes(app: FastifyInstance, context: ServerContext): void {
  app.get<{ Params: { handle: string } }>("/e/:handle/health", { config: { plane: "agent" } }, (request, reply) =>
    context.sessions.findByHandle(request.params.handle) === null ? refuse(reply, "NOT_FOUND") : healthOf(context),
  );
}
