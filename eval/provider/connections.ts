/** Where an endpoint's connections come from; `close` ends those that are kept alive. */
export interface Connections {
  readonly dispatcher: unknown;
  close(): Promise<void>;
}

export interface ConnectionOptions {
  /** Of the socket, such as `lookup` or `ca`. */
  readonly connect?: Readonly<Record<string, unknown>>;
}

type Agent = new (options: object) => { close(): Promise<void> };

/**
 * Connections without limits of their own for head and body: those of the runtime's `fetch` end every call after 300 s,
 * while a local model may take longer. The deadline of an attempt covers both.
 *
 * The runtime carries undici and does not export it; its class is had from the dispatcher that it keeps for all
 * libraries of that name under a well-known symbol. A runtime without one keeps its limits.
 */
export function openConnections({ connect = {} }: ConnectionOptions = {}): Connections {
  const Known = agentClass();
  if (Known === null) return { dispatcher: undefined, close: async () => {} };
  const agent = new Known({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: CONNECT_MS, ...connect } });
  return { dispatcher: agent, close: () => agent.close() };
}

const CONNECT_MS = 10_000;

function agentClass(): Agent | null {
  void new Headers(); // loads undici, which sets the dispatcher
  const shared = (globalThis as Record<symbol, unknown>)[Symbol.for("undici.globalDispatcher.1")];
  return typeof shared === "object" && shared !== null ? (shared.constructor as Agent) : null;
}
