import type { ObservationBody } from "../contract/http.ts";
import type { EpisodeState, ResetTurn, StepTurn } from "../contract/index.ts";
import type { ClientReset, EnvClient } from "./client.ts";
import { connectResumable } from "./resumable.ts";
import { resetData, resetTurn, stepTurn } from "./turns.ts";
import { openWire } from "./wire.ts";
import type { Wire } from "./wire.ts";

export interface SocketOptions {
  /** The server's control token, where it wants one. */
  readonly token?: string;
  /** What results are stored under, where the server stores any. */
  readonly agent?: string;
  /** How long connecting may take, in milliseconds. */
  readonly connectMs?: number;
  /** How long a reply may take, in milliseconds; afterwards the connection is given up. */
  readonly replyMs?: number;
  /** Goes on after a lost connection where it was, as long as the server keeps the session. Costs nothing else. */
  readonly resumable?: boolean;
}

const CONNECT_MS = 10_000;
const REPLY_MS = 30_000;

/**
 * Connects to a server's `/ws`.
 * @param url base address of the server, `http://…` or `ws://…`, with or without a path prefix
 * Rejects with ClientError CONNECT_FAILED or TIMED_OUT.
 */
export async function connectSocket(url: string, options: SocketOptions = {}): Promise<EnvClient> {
  const { token, agent, connectMs = CONNECT_MS, replyMs = REPLY_MS, resumable = false } = options;
  const address = socketAddress(url, agent);
  const wireOptions = { token, connectMs, replyMs };
  if (resumable) return connectResumable(address, wireOptions);
  return new SocketClient(await openWire(address.href, wireOptions));
}

class SocketClient implements EnvClient {
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  async reset(request: ClientReset = {}): Promise<ResetTurn> {
    return resetTurn(await this.#wire.ask<ObservationBody>({ type: "reset", data: resetData(request) }));
  }

  async step(action: unknown): Promise<StepTurn> {
    return stepTurn(await this.#wire.ask<ObservationBody>({ type: "step", data: action ?? null }));
  }

  state(): Promise<EpisodeState> {
    return this.#wire.ask<EpisodeState>({ type: "state" });
  }

  close(): Promise<void> {
    return this.#wire.close();
  }
}

function socketAddress(url: string, agent: string | undefined): URL {
  const base = url.replace(/^http/, "ws").replace(/\/+$/, "");
  const address = new URL(base.endsWith("/ws") ? base : `${base}/ws`);
  if (agent !== undefined) address.searchParams.set("agent", agent);
  return address;
}
