import type { ChatMessage, ChatRequest, ToolCall } from "../../agents/llm/chat-model.ts";
import type { ModelEntry } from "./config.ts";
import { reasoningFields } from "./reasoning.ts";

/** What is sent, in the names of OpenAI's Chat Completions. */
export type WireRequest = Readonly<Record<string, unknown>>;

/** Which of its two names a server takes for the limit of output. */
export type TokenLimitName = "max_tokens" | "max_completion_tokens";

/** The body of a request. Not streamed: all compatible servers share that form. */
export function wireRequest(
  entry: ModelEntry,
  limitName: TokenLimitName,
  { messages, tools }: ChatRequest,
): WireRequest {
  return {
    ...entry.extra_body,
    ...reasoningFields(entry),
    model: entry.model,
    messages: messages.map(wireMessage),
    ...(tools === undefined || tools.length === 0
      ? {}
      : { tools: tools.map((tool) => ({ type: "function", function: tool })) }),
    ...(entry.temperature === undefined ? {} : { temperature: entry.temperature }),
    ...(entry.top_p === undefined ? {} : { top_p: entry.top_p }),
    ...(entry.max_output_tokens === undefined ? {} : { [limitName]: entry.max_output_tokens }),
  };
}

function wireMessage(message: ChatMessage): WireRequest {
  if (message.role === "tool") {
    return { role: "tool", tool_call_id: message.toolCallId, content: message.content };
  }
  if (message.role !== "assistant") return { role: message.role, content: message.content };
  const { content, toolCalls = [] } = message;
  return toolCalls.length === 0
    ? { role: "assistant", content: content ?? "" }
    : { role: "assistant", content, tool_calls: toolCalls.map(wireCall) };
}

const wireCall = ({ id, name, arguments: given }: ToolCall) => ({
  id,
  type: "function",
  function: { name, arguments: given },
});
