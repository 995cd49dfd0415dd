import type { ChatModel, ChatReply, ChatRequest, ToolCall } from "../../../agents/llm/chat-model.ts";

const SILENT: ChatReply = {
  content: null,
  toolCalls: [],
  finishReason: "stop",
  refusal: null,
  reasoningPromoted: false,
  outputTokens: 20,
  totalTokens: 100,
  filtered: false,
};

export const silent = (changes: Partial<ChatReply> = {}): ChatReply => ({ ...SILENT, ...changes });

/** A reply that says something. */
export const says = (content: string, changes: Partial<ChatReply> = {}): ChatReply => silent({ content, ...changes });

/** A reply that calls functions; arguments that are no text are written as JSON. */
export const calls = (...made: readonly (readonly [name: string, args: unknown, id?: string])[]): ChatReply =>
  silent({ toolCalls: made.map(callOf), finishReason: "tool_calls" });

const callOf = ([name, args, id]: readonly [string, unknown, string?], i: number): ToolCall => ({
  id: id ?? `call_${i}`,
  name,
  arguments: typeof args === "string" ? args : JSON.stringify(args),
});

/** Answers with what a function says, given the request and its number, counted from 0; an error is thrown. */
export class ScriptedModel implements ChatModel {
  readonly requests: ChatRequest[] = [];
  readonly #answer: (request: ChatRequest, n: number) => ChatReply | Error;

  constructor(answer: readonly (ChatReply | Error)[] | ((request: ChatRequest, n: number) => ChatReply | Error)) {
    this.#answer = typeof answer === "function" ? answer : (_, n) => answer[n] ?? new Error("The script is over.");
  }

  complete(request: ChatRequest, signal: AbortSignal): Promise<ChatReply> {
    signal.throwIfAborted();
    const reply = this.#answer(request, this.requests.length);
    this.requests.push(structuredClone(request));
    return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply);
  }
}
