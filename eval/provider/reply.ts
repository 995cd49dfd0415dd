import { z } from "zod";
import type { ChatReply, ToolCall } from "../../agents/llm/chat-model.ts";
import { ReplyFault } from "./reply-fault.ts";
import { readUsage } from "./usage.ts";
import type { Usage } from "./usage.ts";

/** A completion as it was understood, whatever form it came in. */
export interface Completion {
  readonly reply: ChatReply;
  /** Which model the server says it was. */
  readonly model: string | null;
  /** Null when missing or impossible. */
  readonly usage: Usage | null;
  /** What was out of the ordinary, and accepted. */
  readonly quirks: readonly string[];
}

const KNOWN_FINISHES = new Set(["stop", "length", "tool_calls", "function_call", "content_filter"]);

const text = z.string().nullish().catch(null);
const anything = z.unknown().optional();

/** Servers of many makes are read: only what nothing can be done without is required. */
const Body = z.looseObject({
  error: anything,
  model: text,
  choices: z.array(z.unknown()).min(1),
  usage: anything,
});
const Choice = z.looseObject({
  error: anything,
  finish_reason: text,
  message: z.looseObject({
    content: anything,
    refusal: text,
    reasoning_content: text,
    reasoning: text,
    tool_calls: z.array(z.unknown()).nullish().catch(null),
    function_call: anything,
  }),
});
const Called = z.looseObject({ name: text, arguments: anything }).catch({ name: null, arguments: null });
const Call = z
  .looseObject({ id: text, function: Called })
  .catch({ id: null, function: { name: null, arguments: null } });
const Part = z.looseObject({ text: z.string() });

type Message = z.output<typeof Choice>["message"];

/**
 * Reads the body of a reply of status 200.
 * @param body anything that the client library resolved with
 * @throws ReplyFault when it is no completion, an empty one, or an error within a reply
 */
export function readReply(body: unknown): Completion {
  refuseErrorIn(body);
  const outer = parsed(Body, body);
  const [first] = outer.choices;
  refuseErrorIn(first);
  const { message, finish_reason: finish } = parsed(Choice, first);
  if (finish === "error") throw new ReplyFault("in_band");

  const quirks = new Set<string>();
  if (outer.choices.length > 1) quirks.add("several_choices");
  if (finish === null || finish === undefined || finish === "") quirks.add("no_finish_reason");
  else if (!KNOWN_FINISHES.has(finish)) quirks.add("unknown_finish_reason");

  const toolCalls = callsOf(message, quirks);
  const said = contentOf(message.content);
  const reasoning = message.reasoning_content ?? message.reasoning ?? "";
  const reasoningPromoted = isBlank(said) && toolCalls.length === 0 && !isBlank(reasoning);
  const usage = readUsage(outer.usage);
  const refusal = isBlank(message.refusal) ? null : message.refusal;
  const content = reasoningPromoted ? reasoning : said;
  const filtered = finish === "content_filter";
  const saysNothing = isBlank(content) && toolCalls.length === 0 && refusal === null;
  if (saysNothing && !filtered && finish !== "length" && !(usage !== null && usage.outputTokens > 0)) {
    throw new ReplyFault("empty");
  }
  return {
    reply: {
      content: content?.toWellFormed() ?? null,
      toolCalls,
      finishReason: (finish ?? "").toWellFormed().slice(0, 64) || "unknown",
      refusal: refusal?.toWellFormed() ?? null,
      reasoningPromoted,
      outputTokens: usage?.outputTokens ?? null,
      totalTokens: usage === null ? null : usage.inputTokens + usage.outputTokens,
      filtered,
    },
    model: outer.model?.toWellFormed().slice(0, 200) ?? null,
    usage,
    quirks: [...quirks],
  };
}

function refuseErrorIn(value: unknown): void {
  const error = (value as { error?: unknown } | null | undefined)?.error;
  if (error !== undefined && error !== null) throw new ReplyFault("in_band", error);
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) throw new ReplyFault("malformed");
  return result.data;
}

const isBlank = (value: string | null | undefined): value is null | undefined | "" =>
  value === null || value === undefined || value.trim() === "";

/** Text, or parts of it. */
function contentOf(content: unknown): string | null {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  const texts = content.map((part) => Part.safeParse(part).data?.text ?? "");
  return texts.length === 0 ? null : texts.join("");
}

/** Calls in the order made. An id that no server would take back in the next request is left empty. */
function callsOf(message: Message, quirks: Set<string>): ToolCall[] {
  const listed = message.tool_calls ?? [];
  const legacy = message.function_call ?? null;
  if (listed.length === 0 && legacy !== null) quirks.add("function_call");
  const raw = listed.length === 0 && legacy !== null ? [{ function: legacy }] : listed;
  return raw.map((one) => {
    const { id, function: called } = Call.parse(one);
    const isUsable = typeof id === "string" && /^[\w-]{1,40}$/.test(id);
    if (!isUsable) quirks.add("no_tool_call_id");
    return {
      id: isUsable ? id : "",
      name: (called.name ?? "").toWellFormed(),
      arguments: argumentsOf(called.arguments, quirks),
    };
  });
}

function argumentsOf(given: unknown, quirks: Set<string>): string {
  if (typeof given === "string") return given.toWellFormed();
  if (given === null || given === undefined) return "";
  quirks.add("arguments_not_text");
  try {
    return JSON.stringify(given);
  } catch {
    return ""; // nested too deeply to be written
  }
}
