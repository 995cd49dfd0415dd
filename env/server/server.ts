import type { AddressInfo } from "node:net";
import { buildApp } from "./app.ts";
import type { AppOptions } from "./app.ts";
import { openToAll } from "./config.ts";

/** A server that listens. */
export interface RunningServer {
  /** Base address, such as `http://127.0.0.1:8000`; clients append their path. */
  readonly url: string;
  /** Lines for people: where it listens, and a warning if anyone may connect. */
  readonly notices: readonly string[];
  /** Refuses new work, closes every socket with 1012 and cuts off those that do not answer; within seconds. */
  close(): Promise<void>;
}

/**
 * Serves a suite.
 * @throws the system's error when the address cannot be listened on
 */
export async function serve({ suite, config }: AppOptions): Promise<RunningServer> {
  const app = await buildApp({ suite, config });
  await app.listen({ host: config.host, port: config.port });
  const { port } = app.server.address() as AddressInfo;
  const url = `http://${reachable(config.host)}:${port}`;
  const warning = openToAll(config);
  return {
    url,
    notices: [`oncall-gym listens on ${url}`, ...(warning === null ? [] : [warning])],
    close: () => app.close(),
  };
}

/** An address that this machine can connect to, for one that it listens on. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
