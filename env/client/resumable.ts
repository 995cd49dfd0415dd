import { setTimeout as wait } from "node:timers/promises";
import type { SessionDescriptor } from "../contract/frames.ts";
import type { ObservationBody } from "../contract/http.ts";
import type { EpisodeState, ResetTurn, StepTurn } from "../contract/index.ts";
import type { ClientReset, EnvClient } from "./client.ts";
import { ClientError } from "./errors.ts";
import { resetData, resetTurn, stepTurn } from "./turns.ts";
import { openWire } from "./wire.ts";
import type { Wire, WireOptions } from "./wire.ts";

/** Between two tries at connecting again: from the first to the last, in milliseconds. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1000;

/** How often a token is tried that the server may already have replaced, in a reply that was lost. */
const MOST_DOUBTS = 8;

/** How often one request may be lost: a connection that never holds for one reply leads nowhere. */
const MOST_LOSSES = 50;

/** Connects to `/ws`, and again whenever the connection is lost. Rejects as `openWire` does. */
export async function connectResumable(address: URL, options: WireOptions): Promise<EnvClient> {
  const wire = await openWire(address.href, options);
  return new ResumableClient(address, options, wire, await wire.ask<SessionDescriptor>({ type: "session" }));
}

/**
 * A session that survives its connections. Requests are named and sent one at a time: after a cut the last one is sent
 * again, and the server answers it a second time rather than carrying it out a second time.
 */
class ResumableClient implements EnvClient {
  readonly #address: URL;
  readonly #options: WireOptions;
  readonly #session: SessionDescriptor;
  #token: string;
  #wire: Promise<Wire>;
  /** Calls take effect one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  /** The connection that is open; null while there is none. */
  #present: Wire | null = null;
  /** Resumes that were sent since the last one that was answered. */
  #doubts = 0;
  #requests = 0;
  #stepCount: number;
  #closed = false;

  constructor(address: URL, options: WireOptions, wire: Wire, session: SessionDescriptor) {
    this.#address = new URL(address);
    this.#address.searchParams.set("session_id", session.session_id);
    this.#options = options;
    this.#session = session;
    this.#token = session.resume_token;
    this.#stepCount = session.step_count;
    this.#wire = Promise.resolve(this.#watched(wire));
  }

  reset(request: ClientReset = {}): Promise<ResetTurn> {
    return this.#inTurn(async () => {
      const body = await this.#ask<ObservationBody>({ type: "reset", data: resetData(request), ...this.#named() });
      this.#stepCount = 0;
      return resetTurn(body);
    });
  }

  step(action: unknown): Promise<StepTurn> {
    return this.#inTurn(async () => {
      const frame = { type: "step", data: action ?? null, ...this.#named(), expected_step: this.#stepCount };
      const body = await this.#ask<ObservationBody>(frame);
      this.#stepCount += 1;
      return stepTurn(body);
    });
  }

  state(): Promise<EpisodeState> {
    return this.#inTurn(() => this.#ask<EpisodeState>({ type: "state" }));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#wire.then(
      (wire) => wire.close(),
      () => {},
    );
  }

  #inTurn<Result>(call: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(call);
    this.#turn = result.catch(() => {});
    return result;
  }

  #named(): { readonly request_id: string } {
    this.#requests += 1;
    return { request_id: `${this.#requests}` };
  }

  /** Asks until there is an answer, over as many connections as it takes, within reason. */
  async #ask<Data>(frame: object): Promise<Data> {
    for (let losses = 1; ; losses += 1) {
      if (this.#closed) throw new ClientError("CLOSED", "The client is closed.");
      const wire = await this.#wire; // oxlint-disable-line no-await-in-loop
      try {
        return await wire.ask<Data>(frame); // oxlint-disable-line no-await-in-loop
      } catch (error) {
        if (!isLost(error) || losses === MOST_LOSSES) throw error;
        this.#goOnFrom(wire);
      }
    }
  }

  /** From a connection that is lost to the next one, once. */
  #goOnFrom(lost: Wire): void {
    if (this.#closed || this.#present !== lost) return;
    this.#present = null;
    this.#wire = this.#reconnected();
    this.#wire.catch(() => {}); // whoever asks next is told
  }

  #watched(wire: Wire): Wire {
    this.#present = wire;
    wire.onEnd = () => this.#goOnFrom(wire);
    return wire;
  }

  /** Tries until the server has surely given the session up. */
  async #reconnected(): Promise<Wire> {
    const late = performance.now() + this.#session.resume_window_s * 1000;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        return await this.#resumed(); // oxlint-disable-line no-await-in-loop
      } catch (error) {
        if (this.#closed || !this.#mayYetResume(error) || performance.now() + pauseMs > late) throw error;
      }
      await wait(pauseMs); // oxlint-disable-line no-await-in-loop
    }
  }

  async #resumed(): Promise<Wire> {
    const wire = await openWire(this.#address.href, this.#options);
    this.#doubts += 1;
    const frame = { type: "resume", data: { token: this.#token } };
    const { resume_token } = await wire.ask<SessionDescriptor>(frame);
    this.#token = resume_token;
    this.#doubts = 0;
    return this.#watched(wire);
  }

  /** A token is refused for as long as the server believes that its successor has arrived. */
  #mayYetResume(error: unknown): boolean {
    if (isLost(error)) return true;
    if (!(error instanceof ClientError)) return false;
    if (error.code === "SESSION_ERROR") return this.#doubts > 1 && this.#doubts < MOST_DOUBTS;
    return error.code === "CAPACITY_REACHED";
  }
}

/** Whether another connection may help. */
const isLost = (error: unknown): boolean =>
  error instanceof ClientError && ["CONNECTION_LOST", "CONNECT_FAILED", "TIMED_OUT"].includes(error.code);
