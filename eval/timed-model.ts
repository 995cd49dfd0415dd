import type { ChatModel, ChatReply, ChatRequest } from "../agents/llm/chat-model.ts";
import type { Clock } from "./clock.ts";

/** A model that knows for how long it has been asked: calls have deadlines of their own, whatever they wait for. */
export class TimedModel implements ChatModel {
  readonly #model: ChatModel;
  readonly #clock: Clock;
  #spentMs = 0;
  #since: number | null = null;

  constructor(model: ChatModel, clock: Clock) {
    this.#model = model;
    this.#clock = clock;
  }

  /** Milliseconds that all calls took so far, with the one that is under way. */
  get askedMs(): number {
    return this.#spentMs + (this.#since === null ? 0 : this.#clock.monotonic() - this.#since);
  }

  async complete(request: ChatRequest, signal: AbortSignal): Promise<ChatReply> {
    const began = this.#clock.monotonic();
    this.#since = began;
    try {
      return await this.#model.complete(request, signal);
    } finally {
      this.#spentMs += this.#clock.monotonic() - began;
      this.#since = null;
    }
  }
}
