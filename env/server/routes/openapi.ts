import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform } from "fastify-type-provider-zod";

/** Version of the HTTP interface; OpenEnv's validator looks for a 1 in front. */
const API_VERSION = "1.0.0";

/** Serves a description of all HTTP routes that are added from now on, unless their schema says `hide`. */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: { openapi: "3.1.0", info: { title: "oncall-gym", version: API_VERSION } },
    transform: jsonSchemaTransform,
  });
  app.get("/openapi.json", { schema: { hide: true } }, () => app.swagger());
}
