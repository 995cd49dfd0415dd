import type { ChatMessage, ChatReply, ChatRequest, ChatTool, ToolCall } from "./chat-model.ts";
import type { Dialogue } from "./dialogue.ts";
import { echoOf } from "./echo.ts";

/** The answer to every call but the first of a reply. */
const NOT_CARRIED_OUT = "Not carried out: one action per turn, and this was not the first.";

/** The whole conversation so far. Every call in it is answered, as the protocol demands. */
export class Transcript implements Dialogue {
  readonly #tools: readonly ChatTool[] | null;
  readonly #messages: ChatMessage[];
  readonly #ids = new Set<string>();
  /** Calls of the last reply. */
  #unanswered: readonly ToolCall[] = [];

  /** @param tools functions to offer; null where actions are written as text */
  constructor(instructions: string, tools: readonly ChatTool[] | null) {
    this.#messages = [{ role: "system", content: instructions }];
    this.#tools = tools;
  }

  see(text: string): void {
    const [first, ...others] = this.#unanswered;
    this.#unanswered = [];
    if (first === undefined) this.#messages.push({ role: "user", content: text });
    else this.#answer(first, text);
    for (const call of others) this.#answer(call, NOT_CARRIED_OUT);
  }

  hear(reply: ChatReply): void {
    const message = echoOf(reply, this.#ids);
    this.#messages.push(message);
    this.#unanswered = message.toolCalls ?? [];
  }

  object(complaint: string): void {
    this.see(complaint);
  }

  request(): ChatRequest {
    const messages = [...this.#messages];
    return this.#tools === null ? { messages } : { messages, tools: this.#tools };
  }

  #answer({ id }: ToolCall, content: string): void {
    this.#messages.push({ role: "tool", toolCallId: id, content });
  }
}
