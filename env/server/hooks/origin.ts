import type { FastifyInstance } from "fastify";
import type { ServerConfig } from "../config.ts";
import { refuse } from "./errors.ts";

/** Names by which this machine reaches itself; a page of another site cannot make a browser send one of them. */
const OWN_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Refuses requests for another host, against DNS rebinding, and from the pages of other sites. Runs before routing's
 * handlers and thus also before a WebSocket is upgraded. Programs other than browsers send no Origin.
 */
export function checkOrigin(app: FastifyInstance, config: Pick<ServerConfig, "allowedHosts" | "allowedOrigins">): void {
  const hosts = new Set([...OWN_HOSTS, ...config.allowedHosts].map((host) => host.toLowerCase()));
  const origins = new Set(config.allowedOrigins.map((origin) => origin.toLowerCase()));
  app.addHook("onRequest", (request, reply, done) => {
    const { host, origin } = request.headers;
    if (host === undefined || !hosts.has(withoutPort(host).toLowerCase())) refuse(reply, "FORBIDDEN_HOST");
    else if (origin !== undefined && !origins.has(origin.toLowerCase())) refuse(reply, "FORBIDDEN_ORIGIN");
    else done();
  });
}

/** `[::1]:8000` → `[::1]` */
const withoutPort = (host: string): string => host.replace(/:\d{1,5}$/, "");
