import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { vectorSpec } from "../../vector/index.ts";
import type { ServerContext } from "../context.ts";
import { refuse } from "../hooks/errors.ts";
import { VectorConnection } from "../socket/vector-connection.ts";

const Spec = z.looseObject({
  protocol: z.string(),
  env_version: z.string(),
  action_space_id: z.string(),
  obs_space_id: z.string(),
  num_actions: z.int(),
  mask_bytes: z.int(),
  obs_dim: z.int(),
  max_envs: z.int(),
  actions: z.array(z.looseObject({})),
  features: z.array(z.looseObject({})),
});

/** `/vector`: many episodes on one connection; `/vector/spec`: the tables behind its numbers. */
export function vectorRoutes(app: FastifyInstance, context: ServerContext): void {
  const spec = { ...vectorSpec, max_envs: context.limits.maxVectorEnvs };
  app.get("/vector/spec", { schema: { response: { 200: Spec } } }, () => spec);

  app.route({
    method: "GET",
    url: "/vector",
    schema: { hide: true },
    handler: (_request, reply) => refuse(reply, "NOT_FOUND"),
    wsHandler(socket, request) {
      const connection = new VectorConnection(socket, context, request.log);
      context.connections.add(connection);
      socket.on("close", () => context.connections.delete(connection));
    },
  });
}
