import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readReply } from "../../../agents/llm/read-reply.ts";
import type { ProviderErrorClass } from "../../../agents/llm/errors.ts";
import { faults } from "../../../eval/mock-provider/faults.ts";
import type { FaultName } from "../../../eval/mock-provider/faults.ts";
import { startMockProvider } from "../../../eval/mock-provider/server.ts";
import type { MockProvider } from "../../../eval/mock-provider/server.ts";
import { asked } from "./real.ts";

let mock: MockProvider;
beforeAll(async () => {
  mock = await startMockProvider();
});
afterAll(() => mock.close());

/** `A6`: six attempts; `B`: the breaker counts each of them. */
type Attempts = "A1" | "A3 B" | "A6 B";

/** Milliseconds between starts, or the back-off of our own. */
type Pause = number | "backoff";

type Failing = readonly [
  id: string,
  fault: FaultName,
  errorClass: ProviderErrorClass,
  attempts: Attempts,
  pause: Pause,
  fields?: Readonly<Record<string, unknown>>,
];

/** Real deadlines of hanging calls; all waiting between calls is on a virtual clock. */
const SHORT = { attempt_timeout_s: 0.1 };

const failing: readonly Failing[] = [
  ["F01", "rate-limit", "rate_limited", "A6 B", 7000, { status: 429, code: "rate_limit_exceeded", retryAfterMs: 7000 }],
  ["F02", "rate-limit-date", "rate_limited", "A6 B", 9000],
  ["F02", "rate-limit-past-date", "rate_limited", "A6 B", 0, { retryAfterMs: 0 }],
  ["F02", "rate-limit-skewed-date", "rate_limited", "A6 B", 9000],
  ["F03", "rate-limit-ms", "rate_limited", "A6 B", 1500],
  ["F03", "rate-limit-reset", "rate_limited", "A6 B", 90_000],
  ["F03", "rate-limit-bare", "rate_limited", "A6 B", "backoff", { retryAfterMs: undefined }],
  ["F03", "rate-limit-zero", "rate_limited", "A6 B", 0, { retryAfterMs: 0 }],
  ["F03", "rate-limit-negative", "rate_limited", "A6 B", "backoff"],
  ["F03", "rate-limit-nan", "rate_limited", "A6 B", "backoff"],
  ["F03", "rate-limit-text", "rate_limited", "A6 B", "backoff"],
  ["F04", "rate-limit-day", "quota_exhausted", "A1", 0, { fatal: true, retryAfterMs: 86_400_000 }],
  ["F05", "quota", "quota_exhausted", "A1", 0, { fatal: true, code: "insufficient_quota" }],
  ["F05", "payment", "quota_exhausted", "A1", 0, { fatal: true, status: 402 }],
  ["F06", "status-500", "server", "A6 B", "backoff", { status: 500 }],
  ["F06", "status-502-html", "server", "A6 B", "backoff", { status: 502 }],
  ["F06", "status-503", "server", "A6 B", "backoff"],
  ["F06", "status-504", "server", "A6 B", "backoff"],
  ["F06", "status-520", "server", "A6 B", "backoff"],
  ["F06", "status-529", "server", "A6 B", "backoff"],
  ["F06", "status-408", "timeout", "A6 B", 0],
  ["F06", "status-409", "server", "A6 B", "backoff"],
  ["F06", "status-425", "server", "A6 B", "backoff"],
  ["F07", "no-retry-header", "server", "A6 B", "backoff"],
  ["F08", "status-401", "auth", "A1", 0, { fatal: true, code: "invalid_api_key" }],
  ["F08", "status-403", "auth", "A1", 0, { fatal: true }],
  ["F08", "status-404", "not_found", "A1", 0, { fatal: true }],
  // The runtime's `fetch` shows a 407 to nobody: it looks like a connection that failed.
  ["F08", "status-407", "network", "A6 B", "backoff"],
  ["F09", "unsupported-parameter", "bad_request", "A1", 0, { status: 400 }],
  ["F09", "status-413", "bad_request", "A1", 0],
  ["F09", "status-422", "bad_request", "A1", 0],
  ["F13", "reset-before-headers", "network", "A6 B", "backoff", { code: "ECONNRESET" }],
  ["F13", "close-before-headers", "network", "A6 B", "backoff", { code: "UND_ERR_SOCKET" }],
  ["F14", "reset-in-body", "network", "A6 B", "backoff"],
  ["F14", "close-in-body", "network", "A6 B", "backoff"],
  ["F14", "content-length-long", "bad_response", "A6 B", 0],
  ["F14", "content-length-short", "bad_response", "A6 B", 0],
  ["F16", "hang", "timeout", "A6 B", 0],
  ["F17", "hang-after-headers", "timeout", "A6 B", 0],
  ["F17", "hang-in-body", "timeout", "A6 B", 0],
  ["F17", "drip", "timeout", "A6 B", 0],
  ["F18", "cut-json", "bad_response", "A6 B", 0],
  ["F18", "trailing-garbage", "bad_response", "A6 B", 0],
  ["F18", "bad-utf8", "bad_response", "A6 B", 0],
  ["F18", "bad-gzip", "bad_response", "A6 B", 0],
  ["F19", "html", "bad_response", "A6 B", 0],
  ["F19", "text-plain", "bad_response", "A6 B", 0],
  ["F19", "no-type", "bad_response", "A6 B", 0],
  ["F19", "no-content", "bad_response", "A6 B", 0],
  ["F19", "empty-body", "bad_response", "A6 B", 0],
  ["F19", "null", "bad_response", "A6 B", 0],
  ["F19", "array", "bad_response", "A6 B", 0],
  ["F19", "string", "bad_response", "A6 B", 0],
  ["F20", "error-429", "rate_limited", "A6 B", "backoff", { status: 429 }],
  ["F20", "error-502", "server", "A6 B", "backoff", { status: 502 }],
  ["F20", "error-text", "server", "A6 B", "backoff"],
  ["F20", "error-in-choice", "server", "A6 B", "backoff", { status: 503 }],
  ["F20", "finish-error", "server", "A6 B", "backoff"],
  ["F21", "no-choices", "bad_response", "A6 B", 0],
  ["F21", "empty-choices", "bad_response", "A6 B", 0],
  ["F21", "no-message", "bad_response", "A6 B", 0],
  ["F22", "empty-completion", "empty_completion", "A3 B", 0],
  ["F28", "flood", "bad_response", "A6 B", 0],
  ["F28", "endless", "bad_response", "A6 B", 0],
  ["F31", "redirect", "not_found", "A1", 0, { fatal: true, status: 307 }],
  ["F32", "event-stream", "bad_response", "A6 B", 0],
];

/** The pause after an attempt: `backoff` where that is expected and it lies within the bounds of ours. */
function pauseOf(attempt: number, pausedMs: number, expected: Pause): Pause {
  const most = Math.min(2 ** attempt * 1000, 30_000);
  return expected === "backoff" && pausedMs >= most / 2 && pausedMs <= most ? "backoff" : pausedMs;
}

describe("what is the provider's has one class, and the class decides", () => {
  test.for(failing)("%s %s: %s, %s", async ([, fault, errorClass, attempts, pause, fields = {}]) => {
    const slow = fault.startsWith("hang") || fault === "drip";
    const { error, calls, starts, gate } = await asked(mock.baseUrl(fault), slow ? { policy: SHORT } : {});
    expect(error).toMatchObject({ name: "ProviderError", class: errorClass, ...fields });
    const [count, breaker] = attempts.split(" ");
    expect(`A${calls.length}`).toBe(count);
    expect(gate?.failures).toBe(breaker === "B" ? calls.length : 0);
    for (const call of calls) expect(call).toMatchObject({ state: "failed", errorClass, usageSource: "missing" });
    expect(starts.slice(1).map((start, i) => pauseOf(i + 1, start - (starts[i] ?? 0), pause))).toEqual(
      Array.from({ length: calls.length - 1 }, () => pause),
    );
  });

  test("F07 x-should-retry is ignored, and recorded", async () => {
    const { calls } = await asked(mock.baseUrl("no-retry-header"));
    expect(calls.flatMap(({ quirks }) => quirks ?? [])).toEqual(Array(6).fill("x_should_retry"));
  });

  test("F10 a full context ends the conversation and is no failure of the provider", async () => {
    for (const fault of ["context-code", "context-phrase", "context-flat"] as const) {
      const { error, calls, gate, totals } = await asked(mock.baseUrl(fault));
      expect(error?.name).toBe("ContextExceeded");
      expect(calls).toMatchObject([{ state: "failed", errorClass: "context_length", breakerCounted: false }]);
      expect([gate?.failures, totals.providerFailures]).toEqual([0, 0]);
    }
  });
});

type Answering = readonly [
  id: string,
  fault: FaultName,
  reply: Readonly<Record<string, unknown>>,
  /** Why the agent can make no action of it; null when it can, undefined when that is judged elsewhere. */
  reason: string | null,
  quirks?: readonly string[],
];

const call = (id: string, given: string, name = "check_status") => ({ id, name, arguments: given });
const LOOK = '{"service":"cache"}';

const answering: readonly Answering[] = [
  ["F11", "filter-400", { filtered: true, content: null }, "filtered"],
  ["F11", "filter-403", { filtered: true, content: null }, "filtered"],
  ["F11", "filter-finish", { filtered: true, content: "I" }, "filtered"],
  ["F18", "bom", { content: "check_status(cache)" }, null],
  ["F21", "two-choices", { content: "check_status(cache)" }, null, ["several_choices"]],
  ["F22", "billed-silence", { content: null, outputTokens: 12, totalTokens: 21 }, "no_action"],
  ["F22", "reasoning-only", { content: "check_status(cache)", reasoningPromoted: true }, null],
  ["F23", "truncated", { finishReason: "length" }, "truncated"],
  ["F23", "unknown-finish", { finishReason: "eos" }, null, ["unknown_finish_reason"]],
  ["F24", "refusal-field", { content: null, refusal: "I cannot help with that." }, "refusal"],
  ["F24", "refusal-prose", { refusal: null }, "unparseable"],
  ["F25", "arguments-malformed", { toolCalls: [call("a", '{"service":')] }, "bad_json"],
  ["F25", "arguments-empty", { toolCalls: [call("a", "")] }, "schema"],
  ["F25", "arguments-null", { toolCalls: [call("a", "")] }, "schema"],
  ["F25", "arguments-object", { toolCalls: [call("a", LOOK)] }, null, ["arguments_not_text"]],
  ["F25", "arguments-extra", { toolCalls: [call("a", '{"service":"cache","force":true}')] }, "schema"],
  ["F25", "arguments-huge", { finishReason: "tool_calls" }, "bad_json"],
  ["F25", "arguments-proto", { toolCalls: [call("a", '{"__proto__":{"x":1},"service":"cache"}')] }, "schema"],
  ["F26", "unknown-tool", { toolCalls: [call("a", "{}", "open_ticket")] }, "unknown_tool"],
  ["F26", "namespaced-tool", { toolCalls: [call("a", LOOK, "functions.check_status")] }, null],
  ["F26", "call-and-text", { content: "Let me look.", toolCalls: [call("a", LOOK)] }, null],
  ["F26", "function-call", { toolCalls: [call("", LOOK)] }, null, ["function_call", "no_tool_call_id"]],
  ["F27", "two-calls", { toolCalls: [call("a", LOOK), call("b", LOOK)] }, null],
  ["F27", "duplicate-ids", { toolCalls: [call("a", LOOK), call("a", LOOK)] }, null],
  ["F27", "missing-ids", { toolCalls: [call("", LOOK), call("", LOOK)] }, null, ["no_tool_call_id"]],
  ["F29", "usage-missing", { outputTokens: null, totalTokens: null }, null],
  ["F29", "usage-negative", { outputTokens: null, totalTokens: null }, null],
  ["F29", "usage-fraction", { outputTokens: null, totalTokens: null }, null],
  ["F29", "usage-text", { outputTokens: null, totalTokens: null }, null],
  ["F29", "usage-contradiction", { outputTokens: null, totalTokens: null }, null],
];

describe("what a model says is its own, and asked once", () => {
  test.for(answering)("%s %s", async ([, fault, expected, reason, quirks]) => {
    const { reply, calls, gate, totals } = await asked(mock.baseUrl(fault));
    expect(reply).toMatchObject(expected);
    expect(readReply(reply as NonNullable<typeof reply>).reason).toBe(reason);
    expect(calls).toHaveLength(1);
    expect(gate?.failures).toBe(0);
    expect(totals.providerFailures).toBe(0);
    expect(calls[0]?.quirks ?? null).toEqual(quirks ?? null);
    expect(calls[0]?.usageSource).toBe(reply?.totalTokens === null ? "missing" : "reported");
  });

  test("F27 fifty calls all arrive", async () => {
    const { reply } = await asked(mock.baseUrl("fifty-calls"));
    expect(reply?.toolCalls).toHaveLength(50);
    expect(readReply(reply as NonNullable<typeof reply>)).toMatchObject({ reason: null, extraCalls: 49 });
  });
});

test("every fault of the mock has its row here or a test of its own", () => {
  const elsewhere = [
    "context-code",
    "context-phrase",
    "context-flat",
    "fifty-calls",
    "token-limit-name",
    "other-model",
  ];
  const rows = [...failing, ...answering].map(([, fault]) => fault);
  const echoes = Object.keys(faults).filter((name) => name.startsWith("echo-"));
  expect([...rows, ...elsewhere, ...echoes].toSorted()).toEqual(expect.arrayContaining(Object.keys(faults).toSorted()));
});
