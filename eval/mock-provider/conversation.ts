import { z } from "zod";
import type { ChatMessage, ChatTool } from "../../agents/llm/chat-model.ts";

/** What a request asks, in the words of the port that agents use. */
export interface Conversation {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ChatTool[];
}

const content = z.string().nullish();
const Call = z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) });
const Message = z.discriminatedUnion("role", [
  z.object({ role: z.enum(["system", "user"]), content: z.string() }),
  z.object({ role: z.literal("assistant"), content, tool_calls: z.array(Call).optional() }),
  z.object({ role: z.literal("tool"), tool_call_id: z.string(), content: z.string() }),
]);
const Tool = z.object({
  type: z.literal("function"),
  function: z.object({ name: z.string(), description: z.string(), parameters: z.record(z.string(), z.unknown()) }),
});
const Body = z.object({ model: z.string(), messages: z.array(Message).min(1), tools: z.array(Tool).optional() });

/** The conversation of a request; a sentence when a real provider would refuse it too. */
export function readConversation(body: string): Conversation | string {
  const parsed = Body.safeParse(json(body));
  if (!parsed.success) return z.prettifyError(parsed.error);
  const { model, messages, tools = [] } = parsed.data;
  return unanswered(messages) ?? { model, messages: messages.map(asPort), tools: tools.map((tool) => tool.function) };
}

type WireMessage = z.output<typeof Message>;

/** Every call has to be answered before anything else is said: OpenAI refuses the request otherwise. */
function unanswered(messages: readonly WireMessage[]): string | null {
  let open: string[] = [];
  for (const message of messages) {
    if (message.role === "tool") {
      if (!open.includes(message.tool_call_id)) return `No call has the id "${message.tool_call_id}".`;
      open = open.filter((id) => id !== message.tool_call_id);
    } else if (open.length > 0) return `The calls ${open.join(", ")} are not answered.`;
    if (message.role === "assistant") open = (message.tool_calls ?? []).map(({ id }) => id);
  }
  return open.length === 0 ? null : `The calls ${open.join(", ")} are not answered.`;
}

function asPort(message: WireMessage): ChatMessage {
  if (message.role === "tool") return { role: "tool", toolCallId: message.tool_call_id, content: message.content };
  if (message.role !== "assistant") return message;
  const calls = message.tool_calls ?? [];
  const said = { role: "assistant", content: message.content ?? null } as const;
  if (calls.length === 0) return said;
  return { ...said, toolCalls: calls.map(({ id, function: called }) => ({ id, ...called })) };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
