/** The port between agents and providers: what a conversation is, and what answers it. */

/** A function that a model may call. `parameters` is JSON Schema of an object. */
export interface ChatTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A function that a model did call. `arguments` is JSON text as it came, which may be broken. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

export type ChatMessage =
  | { readonly role: "system" | "user"; readonly content: string }
  | { readonly role: "assistant"; readonly content: string | null; readonly toolCalls?: readonly ToolCall[] }
  | { readonly role: "tool"; readonly toolCallId: string; readonly content: string };

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly ChatTool[];
}

export interface ChatReply {
  readonly content: string | null;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: string;
  readonly refusal: string | null;
  /** Whether `content` is the model's reasoning, because it said nothing else. */
  readonly reasoningPromoted: boolean;
  /** Null when not reported. */
  readonly outputTokens: number | null;
  /** Input and output of this call; null when not reported. */
  readonly totalTokens: number | null;
  /** Whether the provider's content filter cut it. */
  readonly filtered: boolean;
}

/**
 * Asks a model. Behind it lie gate, retry, accounting and redaction, which no agent can go round.
 * `complete` throws ProviderError only for what is the provider's, ContextExceeded when the conversation no longer fits.
 */
export interface ChatModel {
  complete(request: ChatRequest, signal: AbortSignal): Promise<ChatReply>;
}
