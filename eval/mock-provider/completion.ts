import type { Conversation } from "./conversation.ts";
import type { MockMessage } from "./behaviours.ts";
import type { StepOf } from "./step.ts";

/** Tokens that a completion is billed for, as the mock counts them. */
export interface Billed {
  readonly input: number;
  readonly output: number;
}

export interface MadeCompletion {
  readonly text: string;
  /** Null when the reply reports none that can be true. */
  readonly billed: Billed;
}

/** Characters that make a token, about. */
const CHARS_PER_TOKEN = 4;

/**
 * A completion on the wire. Equal conversations are billed alike, whatever was asked before them.
 * @param number of the request, which its id is made of
 */
export function completion(
  number: number,
  { model, messages, tools }: Conversation,
  said: MockMessage,
  step: StepOf<"reply">,
): MadeCompletion {
  const message = step.message ?? wireMessage(messages.length, said);
  const billed = {
    input: tokensIn(JSON.stringify([messages, tools])),
    output: tokensIn(JSON.stringify(message)),
  };
  const usage = {
    prompt_tokens: billed.input,
    completion_tokens: billed.output,
    total_tokens: billed.input + billed.output,
  };
  const finish = "tool_calls" in message ? "tool_calls" : (said.finishReason ?? "stop");
  const text = JSON.stringify({
    id: `chatcmpl-${number}`,
    object: "chat.completion",
    created: 0,
    model: step.model ?? model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", ...message },
        finish_reason: step.finish_reason === undefined ? finish : step.finish_reason,
      },
    ],
    usage: step.usage === undefined ? usage : step.usage,
    ...step.patch,
  });
  return { text, billed };
}

/** @param turn place in the conversation: ids of calls are unique there */
function wireMessage(turn: number, { content = null, toolCalls = [] }: MockMessage): Record<string, unknown> {
  if (toolCalls.length === 0) return { content };
  const calls = toolCalls.map((call, index) => ({ id: `call_${turn}_${index}`, type: "function", function: call }));
  return { content, tool_calls: calls };
}

const tokensIn = (text: string): number => Math.ceil(text.length / CHARS_PER_TOKEN);
