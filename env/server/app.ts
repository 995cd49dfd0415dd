import Fastify, { LogController } from "fastify";
import type { FastifyHttpOptions, FastifyInstance, RawServerDefault } from "fastify";
import type { Suite } from "../core/task.ts";
import { Sessions } from "../session/sessions.ts";
import type { ServerConfig } from "./config.ts";
import { checkToken } from "./hooks/auth.ts";
import { answerFrameworkError, useErrorBodies } from "./hooks/errors.ts";
import { checkOrigin } from "./hooks/origin.ts";
import { infoRoutes } from "./routes/info.ts";
import { socketRoutes } from "./routes/socket.ts";
import { Connections } from "./socket/connections.ts";
import { useWebSockets } from "./socket/websockets.ts";

/** What a server is made of. */
export interface AppOptions {
  readonly suite: Suite;
  readonly config: ServerConfig;
}

/** Builds the server without listening. Hooks come before routes, so that they hold for every route and upgrade. */
export async function buildApp({ suite, config }: AppOptions): Promise<FastifyInstance> {
  const { limits } = config;
  const app = Fastify(fastifyOptions(config));
  const sessions = new Sessions(suite, limits);
  const connections = new Connections(limits.pingMs);
  await useWebSockets(app, limits, connections);
  checkOrigin(app, config);
  checkToken(app, config.controlToken);
  useErrorBodies(app);
  infoRoutes(app, suite);
  socketRoutes(app, { sessions, connections, limits });
  return app;
}

/** Fastify sets Node's own limits on slow senders to none unless told otherwise. */
function fastifyOptions({ limits, logLevel }: ServerConfig): FastifyHttpOptions<RawServerDefault> {
  return {
    logger: { level: logLevel, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    http: { headersTimeout: limits.headersMs, connectionsCheckingInterval: 1000 },
    forceCloseConnections: true,
    frameworkErrors: answerFrameworkError,
  };
}
