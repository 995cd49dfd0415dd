import type { WebSocket } from "@fastify/websocket";
import type { FastifyBaseLogger } from "fastify";
import { sessionFrame } from "../../contract/frames.ts";
import type { Carrier, LiveSession } from "../../session/live-session.ts";
import type { ServerContext } from "../context.ts";
import { describeSession } from "../descriptor.ts";
import { internalError } from "../internal-error.ts";
import { fatal, NO_RESUME, receive } from "./answer.ts";
import { CLOSE_CODES } from "./close-codes.ts";
import { FrameQueue } from "./frame-queue.ts";
import type { ReceivedFrame } from "./frame-queue.ts";
import type { Answer, Protocol } from "./protocol.ts";

/** What the owner of a session is told whose episode could not be rebuilt after a crash. */
const CHANGED = { message: "This session could not be rebuilt: its episode, played again, came out differently." };

/** What `ws` reports for a connection that was cut. */
const NO_HANDSHAKE = 1006;

/** What a client said when it connected. */
export interface Visitor {
  /** The session it wants to go on with; null for one of its own. */
  readonly sessionId: string | null;
  /** What it calls its agent. */
  readonly agent: string | undefined;
}

/** One socket and the session behind it, whatever is spoken on it. */
export class Connection implements Carrier {
  readonly #socket: WebSocket;
  readonly #protocol: Protocol;
  readonly #context: ServerContext;
  readonly #log: FastifyBaseLogger;
  readonly #frames: FrameQueue;
  readonly #gone = new AbortController();
  #live: LiveSession | null = null;
  #refused = false;
  /** Monotonic times, in milliseconds: of the opening, and of the last sign of life. */
  readonly #openedAt = performance.now();
  #heardAt = this.#openedAt;

  /** Attaches its handlers at once, because the first frame may already be there; a session comes when there is a slot. */
  constructor(socket: WebSocket, visitor: Visitor, protocol: Protocol, context: ServerContext, log: FastifyBaseLogger) {
    this.#socket = socket;
    this.#protocol = protocol;
    this.#context = context;
    this.#log = log;
    this.#frames = new FrameQueue(socket, context.limits, (frame) => this.#answer(frame, visitor));
    socket.on("message", (data: Buffer, isBinary: boolean) => this.#receive(isBinary ? null : data.toString()));
    socket.on("ping", () => this.#heard());
    socket.on("pong", () => this.#heard());
    socket.on("error", () => this.#end());
    socket.on("close", (code) => this.#end(code !== NO_HANDSHAKE));
    if (visitor.sessionId === null) void this.#open(visitor.agent);
    else this.#join(visitor.sessionId);
  }

  unresponsive(): boolean {
    return performance.now() - this.#heardAt > this.#context.limits.unresponsiveMs;
  }

  giveUp(): void {
    this.#end();
    this.#socket.terminate();
  }

  supersede(): void {
    this.close(CLOSE_CODES.superseded);
  }

  /** Regular care: asks for a sign of life, and ends what has been silent or idle for too long. */
  tend(): void {
    const { silentMs, sessionIdleS } = this.#context.limits;
    const now = performance.now();
    const playedAt = Math.max(this.#openedAt, this.#live?.playedAt ?? 0);
    if (now - this.#heardAt > silentMs) this.giveUp();
    else if (now - playedAt > sessionIdleS * 1000) this.#leave(CLOSE_CODES.idle);
    else if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  /** Whether frames have come that are not answered yet. */
  get busy(): boolean {
    return this.#frames.waiting && !this.#gone.signal.aborted;
  }

  /** Begins the closing handshake and frees the slot; a client that does not answer is cut off after a while. */
  close(code: number): void {
    this.#end();
    this.#socket.close(code);
  }

  /** A session of its own, as soon as there is a slot. */
  async #open(agent: string | undefined): Promise<void> {
    const live = await this.#context.sessions.open({ carrier: this, signal: this.#gone.signal, agent });
    if (this.#gone.signal.aborted) live?.release();
    else if (live === null) this.#refuse();
    else {
      this.#protocol.begin(live);
      this.#play(live);
    }
  }

  /** Another session: at once if it waits for calls, otherwise when the first frame brings its token. */
  #join(sessionId: string): void {
    const live = this.#context.sessions.find(sessionId);
    if (live !== null && !live.bound && live.carrier === null) {
      live.attach(this);
      return this.#play(live);
    }
    this.#frames.start();
    this.#afterHold(() => this.#send(fatal(NO_RESUME)));
  }

  async #resume(sessionId: string, token: string): Promise<void> {
    const live = await this.#context.sessions.resume(sessionId, token, this, this.#gone.signal);
    if (live === null) return this.#send(fatal(NO_RESUME));
    if (live === "full") return this.#refuse();
    if (live === "changed") {
      this.#log.error("a kept session was dropped: played again, its episode came out differently");
      return this.#send(fatal(CHANGED));
    }
    if (this.#gone.signal.aborted) return live.detach(this);
    this.#live = live;
    this.#socket.send(sessionFrame(describeSession(live, this.#context)));
    this.#play(live);
  }

  #play(live: LiveSession): void {
    this.#live = live;
    this.#frames.start();
  }

  /**
   * Says that there is no slot, and keeps the socket open until the client's first frame: after an immediate close
   * OpenEnv's clients report that the connection was closed, not why.
   */
  #refuse(): void {
    this.#refused = true;
    this.#socket.send(this.#protocol.full(this.#context.sessions.load));
    if (this.#frames.waiting) return this.close(CLOSE_CODES.normal);
    this.#afterHold(() => this.close(CLOSE_CODES.normal));
  }

  /** Unless the connection has a session by then, or is gone. */
  #afterHold(act: () => void): void {
    const hold = setTimeout(() => this.#live === null && act(), this.#context.limits.refusalHoldMs);
    this.#gone.signal.addEventListener("abort", () => clearTimeout(hold));
  }

  #receive(frame: ReceivedFrame): void {
    this.#heard();
    if (this.#gone.signal.aborted) return;
    if (this.#refused) this.close(CLOSE_CODES.normal);
    else this.#frames.push(frame);
  }

  #answer(received: ReceivedFrame, { sessionId }: Visitor): void {
    if (this.#live !== null) {
      this.#live.heard();
      return this.#send(this.#protocol.answer(received, this.#live));
    }
    const read = receive(received, this.#context.limits);
    if (sessionId !== null && "frame" in read && read.frame.type === "resume") {
      this.#frames.hold();
      this.#resume(sessionId, read.frame.data.token).catch((error: unknown) => {
        internalError(this.#log, error);
        this.giveUp();
      });
    } else this.#send(fatal(NO_RESUME));
  }

  #send({ text, afterwards }: Answer): void {
    if (this.#gone.signal.aborted) return;
    if (text !== null) this.#socket.send(text);
    if (afterwards === "farewell") this.#leave(CLOSE_CODES.normal);
    else if (afterwards === "error") this.close(CLOSE_CODES.normal);
  }

  /** Closes for good: a session that is bound to its socket cannot be resumed afterwards. */
  #leave(code: number): void {
    if (this.#live?.bound) this.#live.release();
    this.close(code);
  }

  #heard(): void {
    this.#heardAt = performance.now();
  }

  /** @param orderly whether the client itself said farewell, and so had all that it was sent */
  #end(orderly = false): void {
    if (this.#gone.signal.aborted) return;
    this.#gone.abort();
    this.#frames.stop();
    if (orderly) this.#live?.heard();
    this.#live?.detach(this);
    this.#live = null;
  }
}
