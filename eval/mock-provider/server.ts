import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Desk } from "./desk.ts";
import type { DeskOptions } from "./desk.ts";
import type { FaultName } from "./faults.ts";
import type { Journal } from "./journal.ts";

/** What a mock provider is started with. */
export interface MockProviderOptions extends DeskOptions {
  /** 0 takes a free one. */
  readonly port?: number;
}

/** A mock provider that listens on this machine. */
export interface MockProvider {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The address for `base_url`; with a fault's name, the one under which it happens to every request. */
  readonly baseUrl: (fault?: FaultName) => string;
  readonly journal: Journal;
  /** Ends all connections, also those that hang. */
  close(): Promise<void>;
}

/**
 * Starts a provider of chat completions whose every reply is scripted. A request meets the script, unless its path
 * (`/fault/NAME/v1`), its header `x-mock-fault` or its model names a fault.
 */
export async function startMockProvider(options: MockProviderOptions = {}): Promise<MockProvider> {
  const desk = new Desk(options);
  const server = createServer((request, response) => {
    desk.serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await listening(server, options.port ?? 0);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    baseUrl: (fault) => (fault === undefined ? `${url}/v1` : `${url}/fault/${fault}/v1`),
    journal: desk,
    close: () => {
      desk.closing.abort(new Error("The mock provider closes."));
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const listening = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
