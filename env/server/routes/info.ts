import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { environmentSchema } from "../../contract/schema.ts";
import { suiteId } from "../../core/task.ts";
import { ENV_VERSION } from "../../core/version.ts";
import type { ServerContext } from "../context.ts";

const Metadata = z.object({
  name: z.string(),
  description: z.string(),
  version: z.string(),
  readme_content: z.string().nullable(),
  author: z.string().nullable(),
  documentation_url: z.string().nullable(),
});

const Schemas = z.object({
  action: z.looseObject({}),
  observation: z.looseObject({}),
  state: z.looseObject({}),
});

/** What a server says about itself. Needs no session. */
export function infoRoutes(app: FastifyInstance, { suite, config }: ServerContext): void {
  const schema = environmentSchema(config.openenvContract);
  const metadata: z.output<typeof Metadata> = {
    name: "oncall_gym",
    description: `A seeded, deterministic simulation of a small production system that breaks (${suiteId(suite)}).`,
    version: ENV_VERSION,
    readme_content: null,
    author: "the oncall-gym authors",
    documentation_url: null,
  };
  app.get("/metadata", { schema: { response: { 200: Metadata } } }, () => metadata);
  app.get("/schema", { schema: { response: { 200: Schemas } } }, () => schema);
  app.get("/", { schema: { hide: true } }, (_request, reply) =>
    reply.type("text/plain; charset=utf-8").send(index(app)),
  );
}

/** The paths that are served, for people and for launchers that poll this one. */
function index(app: FastifyInstance): string {
  const lines = Object.entries(app.swagger().paths ?? {}).map(
    ([path, methods]) =>
      `${Object.keys(methods as object)
        .join(", ")
        .toUpperCase()
        .padEnd(12)} ${path}`,
  );
  return `oncall-gym: incidents in a small production system, as an environment for on-call agents.

${lines.join("\n")}
WebSocket    /ws, /mcp, /vector
`;
}
