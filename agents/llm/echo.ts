import { argumentsOf } from "./call.ts";
import type { ChatMessage, ChatReply, ToolCall } from "./chat-model.ts";

type Spoken = Extract<ChatMessage, { role: "assistant" }>;

/** Longest text of a reply that is sent back with the next request, in characters; of a longer one its end. */
const LONGEST_CONTENT = 32_768;
/** Calls of one reply that are sent back and answered. */
const MOST_CALLS = 128;
/** What a function may be called. */
const LONGEST_NAME = 64;
/** Silence needs a word: servers refuse an empty message, and two of one role in a row. */
const SILENCE = "(no reply)";

/**
 * A model's reply as part of the conversation. Servers check it once more: a call without an id of its own, with a name
 * that no function can have or with arguments that are no JSON object would make the next request a 400.
 * @param known ids that the conversation has; those of the reply are added
 */
export function echoOf({ content, toolCalls }: ChatReply, known: Set<string>): Spoken {
  const said = content === null || content.trim() === "" ? null : content.slice(-LONGEST_CONTENT).toWellFormed();
  if (toolCalls.length === 0) return { role: "assistant", content: said ?? SILENCE };
  return {
    role: "assistant",
    content: said,
    toolCalls: toolCalls.slice(0, MOST_CALLS).map((call) => echoOfCall(call, known)),
  };
}

function echoOfCall(call: ToolCall, known: Set<string>): ToolCall {
  const id = call.id === "" || known.has(call.id) ? newId(known) : call.id;
  known.add(id);
  const name = call.name.replaceAll(/[^\w-]/g, "_").slice(0, LONGEST_NAME);
  const isObject = call.arguments.trimStart().startsWith("{") && argumentsOf(call.arguments) !== null;
  const args = isObject ? call.arguments.toWellFormed() : JSON.stringify(argumentsOf(call.arguments) ?? {});
  return { id, name: name === "" ? "unknown" : name, arguments: args };
}

/** Nine letters and digits: the strictest form that a server asks for. */
function newId(known: ReadonlySet<string>): string {
  for (let n = known.size; ; n += 1) {
    const id = `call${String(n).padStart(5, "0")}`;
    if (!known.has(id)) return id;
  }
}
