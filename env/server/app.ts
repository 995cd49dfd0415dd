import Fastify, { LogController } from "fastify";
import type { FastifyHttpOptions, FastifyInstance, RawServerDefault } from "fastify";
import type { DurableJournal, SessionJournal } from "../contract/journal.ts";
import type { Suite } from "../core/task.ts";
import { Sessions } from "../session/sessions.ts";
import type { ServerConfig } from "./config.ts";
import type { ServerContext } from "./context.ts";
import { checkToken, takePathToken } from "./hooks/auth.ts";
import { readBodies } from "./hooks/bodies.ts";
import { answerFrameworkError, answerMalformedHead, refuse, useErrorBodies } from "./hooks/errors.ts";
import { checkOrigin } from "./hooks/origin.ts";
import { agentRoutes } from "./routes/agent.ts";
import { healthRoutes } from "./routes/health.ts";
import { infoRoutes } from "./routes/info.ts";
import { episodeMcpRoutes, mcpRoutes } from "./routes/mcp.ts";
import { describeRoutes } from "./routes/openapi.ts";
import { openEnvRoutes } from "./routes/openenv.ts";
import { sessionRoutes } from "./routes/sessions.ts";
import { socketRoutes } from "./routes/socket.ts";
import { taskRoutes } from "./routes/tasks.ts";
import { vectorRoutes } from "./routes/vector.ts";
import { Connections } from "./socket/connections.ts";
import { useWebSockets } from "./socket/websockets.ts";
import { watchStalls } from "./stalls.ts";
import { assertVersions } from "./versions.ts";

/** What a server is made of. */
export interface AppOptions {
  readonly suite: Suite;
  readonly config: ServerConfig;
  /** Told what happens in every session. */
  readonly journals?: readonly SessionJournal[];
  /** Also told, and lets sessions be resumed after a crash. */
  readonly durable?: DurableJournal | null;
  /** False while results cannot be saved; the server then goes on, and says so. */
  readonly saving?: () => boolean;
}

/** What the listeners of one server share. */
export function newContext({
  suite,
  config,
  journals = [],
  durable = null,
  saving = () => true,
}: AppOptions): ServerContext {
  const { limits, nodeId } = config;
  return {
    suite,
    config,
    limits,
    sessions: new Sessions(suite, limits, { nodeId, journals, durable }),
    connections: new Connections(limits.pingMs),
    saving,
    draining: false,
  };
}

/** Everything that is served, without listening. */
export async function buildApp(context: ServerContext): Promise<FastifyInstance> {
  const app = await bareApp(context);
  watchStalls(app);
  await describeRoutes(app);
  healthRoutes(app, context);
  infoRoutes(app, context);
  socketRoutes(app, context);
  if (context.config.mode === "simulation") openEnvRoutes(app, context);
  sessionRoutes(app, context);
  taskRoutes(app, context);
  vectorRoutes(app, context);
  mcpRoutes(app, context);
  agentRoutes(app, context);
  episodeMcpRoutes(app, context);
  return app;
}

/** The agent plane alone, without listening: for agents that must not reach what controls their episode. */
export async function buildAgentApp(context: ServerContext): Promise<FastifyInstance> {
  const app = await bareApp(context);
  healthRoutes(app, context);
  agentRoutes(app, context);
  episodeMcpRoutes(app, context);
  return app;
}

/** Hooks come before routes, so that they hold for every route and upgrade. */
async function bareApp(context: ServerContext): Promise<FastifyInstance> {
  const { config, limits } = context;
  const app = Fastify(fastifyOptions(config));
  assertVersions(app);
  await useWebSockets(app, limits);
  app.addHook("onRequest", (_request, reply, done) => {
    if (context.draining) refuse(reply.header("connection", "close"), "UNAVAILABLE");
    else done();
  });
  checkOrigin(app, config);
  checkToken(app, config);
  useErrorBodies(app);
  readBodies(app, limits);
  app.setSerializerCompiler(() => JSON.stringify); // what is sent is built here, and tested against its schema
  return app;
}

/** Fastify sets Node's own limits on slow senders to none unless told otherwise. */
function fastifyOptions({ limits, logLevel, allowPathToken }: ServerConfig): FastifyHttpOptions<RawServerDefault> {
  return {
    logger: { level: logLevel, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    http: { headersTimeout: limits.headersMs, connectionsCheckingInterval: 1000 },
    forceCloseConnections: true,
    return503OnClosing: false, // ours has our body
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerMalformedHead,
    ...(allowPathToken ? { rewriteUrl: takePathToken } : {}),
  };
}
