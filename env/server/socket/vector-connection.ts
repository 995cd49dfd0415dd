import type { WebSocket } from "@fastify/websocket";
import type { FastifyBaseLogger } from "fastify";
import type { SlotHolder } from "../../session/slots.ts";
import { VectorExchange } from "../../vector/wire/exchange.ts";
import type { VectorAnswer } from "../../vector/wire/exchange.ts";
import type { ServerContext } from "../context.ts";
import { internalError } from "../internal-error.ts";
import { CLOSE_CODES } from "./close-codes.ts";
import type { Tended } from "./connections.ts";
import { FrameQueue } from "./frame-queue.ts";

const CLOSES = { farewell: CLOSE_CODES.normal, full: CLOSE_CODES.full } as const;

/** One socket on `/vector` and the environments behind it. */
export class VectorConnection implements SlotHolder, Tended {
  readonly #socket: WebSocket;
  readonly #context: ServerContext;
  readonly #exchange: VectorExchange;
  readonly #frames: FrameQueue<string | Uint8Array>;
  readonly #gone = new AbortController();
  #answering = false;
  /** The last two replies are on their way; batches share two buffers, so that a third must wait for the first. */
  #sending: readonly [Promise<void>, Promise<void>] = [Promise.resolve(), Promise.resolve()];
  /** Monotonic times, in milliseconds: of the last sign of life, and of the last frame. */
  #heardAt = performance.now();
  #playedAt = this.#heardAt;

  /** Attaches its handlers at once, because the first frame may already be there. */
  constructor(socket: WebSocket, context: ServerContext, log: FastifyBaseLogger) {
    const { suite, sessions, limits } = context;
    this.#socket = socket;
    this.#context = context;
    this.#exchange = new VectorExchange({
      suite,
      limits,
      maxEnvs: limits.maxVectorEnvs,
      reserve: (count) => this.#reserve(count),
      load: () => sessions.load,
      internalError: (error) => internalError(log, error),
    });
    this.#frames = new FrameQueue<string | Uint8Array>(socket, limits, (frame) => void this.#answer(frame));
    acceptFrames(socket, limits.vectorFrameBytes);
    socket.on("message", (data: Buffer, isBinary: boolean) => this.#receive(isBinary ? data : data.toString()));
    socket.on("ping", () => this.#heard());
    socket.on("pong", () => this.#heard());
    socket.on("error", () => this.#end());
    socket.on("close", () => this.#end());
    this.#frames.start();
  }

  unresponsive(): boolean {
    return performance.now() - this.#heardAt > this.#context.limits.unresponsiveMs;
  }

  giveUp(): void {
    this.#end();
    this.#socket.terminate();
  }

  tend(): void {
    const { silentMs, sessionIdleS } = this.#context.limits;
    const now = performance.now();
    if (now - this.#heardAt > silentMs) this.giveUp();
    else if (now - this.#playedAt > sessionIdleS * 1000) this.close(CLOSE_CODES.idle);
    else if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  get busy(): boolean {
    return (this.#answering || this.#frames.waiting) && !this.#gone.signal.aborted;
  }

  close(code: number): void {
    this.#end();
    this.#socket.close(code);
  }

  async #reserve(count: number): Promise<(() => void) | null> {
    const slot = await this.#context.sessions.reserve(this, count, this.#gone.signal);
    return slot === null ? null : () => slot.release();
  }

  #receive(frame: string | Uint8Array): void {
    this.#heard();
    if (!this.#gone.signal.aborted) this.#frames.push(frame);
  }

  async #answer(frame: string | Uint8Array): Promise<void> {
    this.#answering = true;
    this.#frames.hold();
    await this.#sending[0];
    const answer = await this.#exchange.answer(frame);
    this.#answering = false;
    this.#playedAt = performance.now();
    if (this.#gone.signal.aborted) return;
    this.#send(answer);
    this.#frames.start();
  }

  #send({ reply, afterwards }: VectorAnswer): void {
    if (reply !== null) {
      const sent = new Promise<void>((resolve) => this.#socket.send(reply, () => resolve()));
      this.#sending = [this.#sending[1], sent];
    }
    if (afterwards !== "stay") this.close(CLOSES[afterwards]);
  }

  #heard(): void {
    this.#heardAt = performance.now();
  }

  #end(): void {
    if (this.#gone.signal.aborted) return;
    this.#gone.abort();
    this.#frames.stop();
    this.#exchange.end();
  }
}

/**
 * Accepts longer frames than the server's other sockets do. `ws` has one limit for all sockets of a server, which its
 * receiver keeps; a new name there leaves the lower limit in force.
 */
function acceptFrames(socket: WebSocket, bytes: number): void {
  const receiver: unknown = Reflect.get(socket, "_receiver");
  if (typeof receiver !== "object" || receiver === null || !Reflect.has(receiver, "_maxPayload")) return;
  Reflect.set(receiver, "_maxPayload", bytes);
}
