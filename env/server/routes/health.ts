import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { ServerContext } from "../context.ts";

const Status = z.object({ status: z.enum(["healthy", "degraded"]) });

/** Whether a server is up, and whether it takes new work; load balancers ask, and send no token. */
export function healthRoutes(app: FastifyInstance, context: ServerContext): void {
  const config = { plane: "open" } as const;
  app.get("/health", { config, schema: { response: { 200: Status } } }, () => healthOf(context));
  // A draining server refuses this like everything else.
  app.get("/ready", { config }, () => ({ status: "ready" }));
}

/** A server that cannot save results still serves. */
export const healthOf = ({ saving }: ServerContext): z.output<typeof Status> => ({
  status: saving() ? "healthy" : "degraded",
});
