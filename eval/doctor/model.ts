import type { ChatModel, ChatReply, ChatTool } from "../../agents/llm/chat-model.ts";
import type { ProviderCallRecord } from "../../env/store/store.ts";
import type { NamedModel } from "../provider/config.ts";
import { priceAt } from "../provider/price.ts";
import type { PriceEntry } from "../provider/price.ts";
import { checksOf } from "./check.ts";
import type { Check } from "./check.ts";
import { reachEndpoint } from "./reach.ts";

/** Longest reply that is asked for: enough to think a little and call a function. */
export const PROBE_TOKENS = 512;
/** Clocks that differ by more make `Retry-After` dates and stored times misleading, in milliseconds. */
const MOST_SKEW_MS = 30_000;

const PROBE: ChatTool = {
  name: "report_ready",
  description: "Say that you are ready.",
  parameters: {
    type: "object",
    properties: { ready: { type: "boolean" } },
    required: ["ready"],
    additionalProperties: false,
  },
};

export interface ModelRequest {
  readonly model: NamedModel;
  /** Behind the gate, like any other call. */
  readonly chat: ChatModel;
  /** The rows of the calls that `chat` has made so far. */
  readonly calls: () => Promise<readonly ProviderCallRecord[]>;
  readonly prices: readonly PriceEntry[];
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Looks at one model: whether it is reached, and what one cheap call says of how it answers. */
export async function checkModel(request: ModelRequest): Promise<Check[]> {
  const { model, chat, calls, signal, now } = request;
  const notes = checksOf(model.name);
  const { ok, warn, fail } = notes;
  const reached = await reachEndpoint(model.entry.base_url, signal, now);
  if (!reached.ok) {
    fail(reached.what, reached.detail);
    return notes.checks;
  }
  ok(reached.what, reached.detail);
  if (reached.skewMs === null) warn("clock", "the server tells no time");
  else (Math.abs(reached.skewMs) > MOST_SKEW_MS ? warn : ok)("clock", `${(reached.skewMs / 1000).toFixed(1)} s apart`);
  try {
    const reply = await chat.complete({ messages: QUESTION, tools: [PROBE] }, signal);
    noteReply(request, notes, reply, await calls());
  } catch (error) {
    fail("call", (error as Error).message);
  }
  return notes.checks;
}

const QUESTION = [
  { role: "system", content: "Answer with one function call and nothing else." },
  { role: "user", content: "Call report_ready with ready set to true." },
] as const;

function noteReply(
  { model, prices, now }: ModelRequest,
  { ok, warn }: ReturnType<typeof checksOf>,
  reply: ChatReply,
  calls: readonly ProviderCallRecord[],
): void {
  const last = calls.at(-1);
  ok("call", `answered in ${last?.latencyMs ?? "?"} ms`);
  const returned = last?.modelReturned ?? null;
  if (returned === null) warn("name", "the reply names no model; state --model-version, or results cannot be ranked");
  else (returned === model.entry.model ? ok : warn)("name", `asked for ${model.entry.model}, got ${returned}`);
  const called = reply.toolCalls[0]?.name === PROBE.name;
  if (called) ok("functions", "called the one it was offered");
  else warn("functions", `called none (finish reason ${reply.finishReason}); play it as react or prompting`);
  const adapted = calls.some(({ httpStatus }) => httpStatus === 400 || httpStatus === 422);
  ok("token limit", adapted ? "takes max_completion_tokens" : "takes max_tokens");
  if (last?.usageSource === "reported")
    ok("usage", `${last.inputTokens ?? "?"} tokens in, ${last.outputTokens ?? "?"} out`);
  else warn("usage", "tokens are not reported; cost stays unknown, and --max-episode-tokens does not bind");
  noteReasoning({ ok, warn }, reply, last?.reasoningTokens ?? null);
  const quirks = last?.quirks ?? [];
  if (quirks.length > 0) warn("quirks", quirks.join(", "));
  const price = priceAt(prices, model.entry.model, now());
  if (price === null) warn("price", "none for this model; its cost is shown as unknown");
  else ok("price", `${price.input} in, ${price.output} out, US dollars per million tokens`);
}

type Noting = Pick<ReturnType<typeof checksOf>, "ok" | "warn">;

function noteReasoning({ ok, warn }: Noting, { reasoningPromoted }: ChatReply, tokens: number | null): void {
  if (reasoningPromoted) warn("reasoning", "its reasoning stood in for an empty reply; raise --max-output-tokens");
  else ok("reasoning", tokens === null ? "not told" : `${tokens} tokens`);
}
