import type { WebSocket } from "@fastify/websocket";
import type { Limits } from "../../session/limits.ts";

/** A frame as it came: its text, or null for a binary one. */
export type ReceivedFrame = string | null;

/** How often a socket with too many unread replies is looked at. */
const LOOK_MS = 100;

/**
 * The frames of one socket, handled one at a time in order of arrival. Reading stops while too many wait, and a frame
 * waits while too many replies are unread, so that memory is bounded whatever the client does: what is unread never
 * exceeds the limit by more than one reply.
 */
export class FrameQueue<Frame = ReceivedFrame> {
  readonly #socket: WebSocket;
  readonly #limits: Limits;
  readonly #handle: (frame: Frame) => void;
  readonly #frames: Frame[] = [];
  /** Waits for a session, for other sockets' turn, or for the client to read. */
  #held = true;
  /** Since other sockets last had their turn. */
  #handled = 0;
  #watch: NodeJS.Timeout | undefined;

  /** @param handle answers one frame; must not throw */
  constructor(socket: WebSocket, limits: Limits, handle: (frame: Frame) => void) {
    this.#socket = socket;
    this.#limits = limits;
    this.#handle = handle;
  }

  /** Whether a frame has come that is not handled yet. */
  get waiting(): boolean {
    return this.#frames.length > 0;
  }

  push(frame: Frame): void {
    this.#frames.push(frame);
    if (!this.#held) this.#run();
    if (this.#frames.length >= this.#limits.waitingFrames && !this.#socket.isPaused) this.#socket.pause();
  }

  /** Frames are handled from now on. */
  start(): void {
    this.#held = false;
    this.#run();
  }

  /** Frames wait from now on, until the next start. */
  hold(): void {
    this.#held = true;
  }

  /** No frame is handled any more. */
  stop(): void {
    clearInterval(this.#watch);
    this.#held = true;
    this.#frames.length = 0;
    this.#socket.resume(); // the closing handshake is read too
  }

  #run(): void {
    while (this.#frames.length > 0 && !this.#held) {
      if (this.#handled >= this.#limits.waitingFrames) return this.#letOthers();
      if (this.#socket.bufferedAmount > this.#limits.unsentBytes) return this.#awaitReader();
      this.#handled += 1;
      this.#handle(this.#frames.shift() as Frame);
    }
    if (this.#socket.isPaused) this.#socket.resume();
  }

  /** A burst of frames arrives in one turn of the event loop; other sockets must not wait for all of it. */
  #letOthers(): void {
    this.#held = true;
    setImmediate(() => {
      this.#handled = 0;
      if (this.#socket.readyState === this.#socket.OPEN) this.start();
    });
  }

  #awaitReader(): void {
    this.#held = true;
    this.#socket.pause();
    let least = this.#socket.bufferedAmount;
    let shrunkAt = performance.now();
    this.#watch = setInterval(() => {
      const unsent = this.#socket.bufferedAmount;
      const now = performance.now();
      if (unsent < least) {
        least = unsent;
        shrunkAt = now;
      }
      if (unsent <= this.#limits.unsentBytes) {
        clearInterval(this.#watch);
        this.start();
      } else if (now - shrunkAt > this.#limits.stalledMs) this.#socket.terminate();
    }, LOOK_MS);
  }
}
