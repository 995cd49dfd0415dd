import type { ChatMessage, ChatReply, ChatRequest } from "./chat-model.ts";
import type { Dialogue } from "./dialogue.ts";
import { echoOf } from "./echo.ts";

/** Results that are told in full; earlier ones in a line each. */
const RESULTS_IN_FULL = 3;

/** No conversation: every request tells page, earlier actions and last results anew. */
export class Digest implements Dialogue {
  readonly #instructions: string;
  readonly #seen: string[] = [];
  /** Replies of this turn that could not be used, and what was said of them. */
  #objections: ChatMessage[] = [];
  #reply: ChatReply | null = null;

  constructor(instructions: string) {
    this.#instructions = instructions;
  }

  see(text: string): void {
    this.#seen.push(text);
    this.#objections = [];
  }

  hear(reply: ChatReply): void {
    this.#reply = reply;
  }

  object(complaint: string): void {
    const said = this.#reply === null ? [] : [echoOf({ ...this.#reply, toolCalls: [] }, new Set())];
    this.#objections.push(...said, { role: "user", content: complaint });
  }

  request(): ChatRequest {
    const told: ChatMessage[] = [
      { role: "system", content: this.#instructions },
      { role: "user", content: this.#summary() },
    ];
    return { messages: [...told, ...this.#objections] };
  }

  #summary(): string {
    const [page = "", ...results] = this.#seen;
    const earlier = results.slice(0, -RESULTS_IN_FULL).map(headline);
    const parts = [`The page:\n${page}`];
    if (earlier.length > 0) parts.push(`Earlier actions:\n${earlier.join("\n")}`);
    if (results.length > 0)
      parts.push(`Last results, the newest at the end:\n${results.slice(-RESULTS_IN_FULL).join("\n\n")}`);
    return parts.join("\n\n");
  }
}

/** The first line of an observation: what was done, and what came of it in a sentence. */
const headline = (text: string): string => text.split("\n", 1)[0] ?? "";
