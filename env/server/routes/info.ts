import type { FastifyInstance } from "fastify";
import { environmentSchema } from "../../contract/schema.ts";
import { suiteId } from "../../core/task.ts";
import type { Suite } from "../../core/task.ts";
import { ENV_VERSION } from "../../core/version.ts";

const INDEX = `oncall-gym: incidents in a small production system, as an environment for on-call agents.

GET /health    whether the server is up
GET /metadata  name and version of the environment
GET /schema    JSON Schema of actions, observations and state
    /ws        WebSocket: reset, step, state, close
`;

/** What a server says about itself. Needs no session. */
export function infoRoutes(app: FastifyInstance, suite: Suite): void {
  const schema = environmentSchema();
  const metadata = {
    name: "oncall_gym",
    description: `A seeded, deterministic simulation of a small production system that breaks (${suiteId(suite)}).`,
    version: ENV_VERSION,
    readme_content: null,
    author: "the oncall-gym authors",
    documentation_url: null,
  };
  app.get("/health", () => ({ status: "healthy" }));
  app.get("/metadata", () => metadata);
  app.get("/schema", () => schema);
  app.get("/", (_request, reply) => reply.type("text/plain; charset=utf-8").send(INDEX));
}
