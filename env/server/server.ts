import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { buildAgentApp, buildApp, newContext } from "./app.ts";
import type { AppOptions } from "./app.ts";
import { openToAll } from "./config.ts";

/** A server that listens. */
export interface RunningServer {
  /** Base address, such as `http://127.0.0.1:8000`; clients append their path. */
  readonly url: string;
  /** The same of the listener with the agent plane alone; null without one. */
  readonly agentUrl: string | null;
  /** Lines for people: where it listens, and a warning if anyone may connect. */
  readonly notices: readonly string[];
  /** Refuses new work, answers what has come, closes every socket with 1012 and cuts off those that do not answer. */
  close(): Promise<void>;
}

/**
 * Serves a suite.
 * @throws the system's error when an address cannot be listened on
 */
export async function serve(options: AppOptions): Promise<RunningServer> {
  const { config } = options;
  const context = newContext(options);
  const apps = [await buildApp(context)];
  if (config.agentPort !== null) apps.push(await buildAgentApp(context));
  const close = async (): Promise<void> => {
    context.draining = true;
    await context.connections.drain(config.limits.drainMs);
    await Promise.all(apps.map((app) => app.close()));
    context.sessions.close();
  };
  try {
    const [url, agentUrl = null] = await listen(apps, config.host, [config.port, config.agentPort ?? 0]);
    const warning = openToAll(config);
    const notices = [
      `oncall-gym listens on ${url}`,
      ...(agentUrl === null ? [] : [`agents alone: ${agentUrl}/e/<handle>`]),
      ...(warning === null ? [] : [warning]),
    ];
    return { url: url as string, agentUrl, notices, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The address of each app once it listens. */
async function listen(apps: readonly FastifyInstance[], host: string, ports: readonly number[]): Promise<string[]> {
  const urls: string[] = [];
  for (const [i, app] of apps.entries()) {
    await app.listen({ host, port: ports[i] ?? 0 }); // oxlint-disable-line no-await-in-loop
    urls.push(`http://${reachable(host)}:${(app.server.address() as AddressInfo).port}`);
  }
  return urls;
}

/** An address that this machine can connect to, for one that it listens on. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
