import type { WebSocket } from "@fastify/websocket";
import type { FastifyBaseLogger } from "fastify";
import { errorFrame } from "../../contract/frames.ts";
import type { Limits } from "../../session/limits.ts";
import type { LiveSession } from "../../session/live-session.ts";
import type { Sessions } from "../../session/sessions.ts";
import type { SlotHolder } from "../../session/slots.ts";
import { answer } from "./answer.ts";
import { CLOSE_CODES } from "./close-codes.ts";
import { FrameQueue } from "./frame-queue.ts";
import type { ReceivedFrame } from "./frame-queue.ts";

/** One socket on `/ws` and the session behind it. */
export class Connection implements SlotHolder {
  readonly #socket: WebSocket;
  readonly #sessions: Sessions;
  readonly #limits: Limits;
  readonly #log: FastifyBaseLogger;
  readonly #frames: FrameQueue;
  readonly #gone = new AbortController();
  #open: LiveSession | null = null;
  #refused = false;
  /** Monotonic times, in milliseconds: of the last sign of life, and of the last reset or step. */
  #heardAt = performance.now();
  #playedAt = this.#heardAt;

  /** Attaches its handlers at once, because the first frame may already be there; a session comes when there is a slot. */
  constructor(socket: WebSocket, sessions: Sessions, limits: Limits, log: FastifyBaseLogger) {
    this.#socket = socket;
    this.#sessions = sessions;
    this.#limits = limits;
    this.#log = log;
    this.#frames = new FrameQueue(socket, limits, (frame) => this.#answer(frame));
    socket.on("message", (data: Buffer, isBinary: boolean) => this.#receive(isBinary ? null : data.toString()));
    socket.on("ping", () => this.#heard());
    socket.on("pong", () => this.#heard());
    socket.on("error", () => this.#end());
    socket.on("close", () => this.#end());
    void this.#begin();
  }

  unresponsive(): boolean {
    return performance.now() - this.#heardAt > this.#limits.unresponsiveMs;
  }

  giveUp(): void {
    this.#end();
    this.#socket.terminate();
  }

  /** Regular care: asks for a sign of life, and ends what has been silent or idle for too long. */
  tend(): void {
    const now = performance.now();
    if (now - this.#heardAt > this.#limits.silentMs) this.giveUp();
    else if (now - this.#playedAt > this.#limits.sessionIdleS * 1000) this.close(CLOSE_CODES.idle);
    else if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  /** Begins the closing handshake and frees the slot; a client that does not answer is cut off after a while. */
  close(code: number): void {
    this.#end();
    this.#socket.close(code);
  }

  async #begin(): Promise<void> {
    const open = await this.#sessions.open(this, this.#gone.signal);
    if (this.#gone.signal.aborted) open?.release();
    else if (open === null) this.#refuse();
    else {
      this.#open = open;
      this.#frames.start();
    }
  }

  /**
   * Says that there is no slot, and keeps the socket open until the client's first frame: after an immediate close
   * OpenEnv's clients report that the connection was closed, not why.
   */
  #refuse(): void {
    this.#refused = true;
    this.#socket.send(errorFrame("CAPACITY_REACHED", this.#sessions.load));
    if (this.#frames.waiting) return this.close(CLOSE_CODES.normal);
    const hold = setTimeout(() => this.close(CLOSE_CODES.normal), this.#limits.refusalHoldMs);
    this.#gone.signal.addEventListener("abort", () => clearTimeout(hold));
  }

  #receive(frame: ReceivedFrame): void {
    this.#heard();
    if (this.#gone.signal.aborted) return;
    if (this.#refused) this.close(CLOSE_CODES.normal);
    else this.#frames.push(frame);
  }

  #answer(frame: ReceivedFrame): void {
    if (this.#open === null) return;
    const { text, close, played } = answer(frame, this.#open.session, this.#limits, this.#log);
    if (played) this.#playedAt = this.#heardAt;
    if (text !== null) this.#socket.send(text);
    if (close) this.close(CLOSE_CODES.normal);
  }

  #heard(): void {
    this.#heardAt = performance.now();
  }

  #end(): void {
    if (this.#gone.signal.aborted) return;
    this.#gone.abort();
    this.#frames.stop();
    this.#open?.release();
    this.#open = null;
  }
}
