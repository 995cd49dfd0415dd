import type { StepInput, StepOf } from "./step.ts";

/** A fault that a script can name. */
export interface Fault {
  readonly summary: string;
  readonly step: StepInput;
}

type Rest<Do extends StepInput["do"]> = Omit<Extract<StepInput, { do: Do }>, "do">;

const status = (code: number, summary: string, rest: Omit<Rest<"status">, "status"> = {}): Fault => ({
  summary: `${code}: ${summary}`,
  step: { do: "status", status: code, ...rest },
});
const limited = (headers: Readonly<Record<string, string>>, summary: string): Fault =>
  status(429, summary, { code: "rate_limit_exceeded", headers });
const body = (summary: string, rest: Rest<"body">): Fault => ({ summary, step: { do: "body", ...rest } });
const json = (summary: string, text: string): Fault => body(summary, { text });
const reply = (summary: string, rest: Rest<"reply">): Fault => ({ summary, step: { do: "reply", ...rest } });

/** A reply with these tool calls, as the wire has them. */
const calling = (summary: string, calls: readonly WireCall[], finish = "tool_calls"): Fault =>
  reply(summary, { message: { content: null, tool_calls: calls.map((call) => ({ ...call })) }, finish_reason: finish });
interface WireCall {
  readonly [field: string]: Json;
}
type Json = NonNullable<StepOf<"reply">["message"]>[string];

const call = (id: string | null, name: string, given: Json): WireCall => ({
  ...(id === null ? {} : { id }),
  type: "function",
  function: { name, arguments: given },
});
const LOOK = '{"service":"cache"}';
const look = (id: string | null, given: Json = LOOK): WireCall => call(id, "check_status", given);

const HTML = "<!doctype html><title>Bad gateway</title>";
const GOOD = '{"choices":[{"message":{"content":"check_status(cache)"},"finish_reason":"stop"}]}';
const CONTEXT_PHRASE = "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.";

/** Faults of providers, by name; what each is expected to come to is a test. */
export const faults = {
  // Rates and allowances
  "rate-limit": limited({ "retry-after": "7" }, "Retry-After of 7 s"),
  "rate-limit-date": limited(
    { date: "Fri, 20 Nov 2026 00:00:00 GMT", "retry-after": "Fri, 20 Nov 2026 00:00:09 GMT" },
    "Retry-After as a date",
  ),
  "rate-limit-past-date": limited(
    { date: "Fri, 20 Nov 2026 00:00:00 GMT", "retry-after": "Thu, 19 Nov 2026 23:00:00 GMT" },
    "Retry-After as a date that has passed",
  ),
  "rate-limit-skewed-date": limited(
    { date: "Mon, 01 Jan 2001 00:00:00 GMT", "retry-after": "Mon, 01 Jan 2001 00:00:09 GMT" },
    "Retry-After as a date by a clock that is wrong",
  ),
  "rate-limit-ms": limited({ "retry-after-ms": "1500" }, "retry-after-ms"),
  "rate-limit-reset": limited({ "x-ratelimit-reset-requests": "1m30s" }, "a reset in 1m30s"),
  "rate-limit-bare": limited({}, "without a hint"),
  "rate-limit-zero": limited({ "retry-after": "0" }, "Retry-After of 0"),
  "rate-limit-negative": limited({ "retry-after": "-5" }, "Retry-After of -5"),
  "rate-limit-nan": limited({ "retry-after": "NaN" }, "Retry-After of NaN"),
  "rate-limit-text": limited({ "retry-after": "abc" }, "Retry-After of abc"),
  "rate-limit-day": limited({ "retry-after": "86400" }, "Retry-After of a day"),
  quota: status(429, "the account's quota is used up", { code: "insufficient_quota" }),
  payment: status(402, "payment required"),

  // Statuses
  "status-500": status(500, "internal error"),
  "status-502-html": {
    summary: "502: a page of HTML",
    step: { do: "body", status: 502, type: "text/html", text: HTML },
  },
  "status-503": status(503, "unavailable"),
  "status-504": status(504, "gateway timeout"),
  "status-520": status(520, "of a proxy"),
  "status-529": status(529, "overloaded"),
  "status-408": status(408, "request timeout"),
  "status-409": status(409, "conflict"),
  "status-425": status(425, "too early"),
  "no-retry-header": status(503, "x-should-retry: false", { headers: { "x-should-retry": "false" } }),
  "status-401": status(401, "wrong key", { code: "invalid_api_key" }),
  "status-403": status(403, "forbidden", { code: "permission_denied" }),
  "status-404": status(404, "no such model", { code: "model_not_found" }),
  "status-407": status(407, "proxy authentication"),
  "unsupported-parameter": status(400, "unsupported parameter", { code: "unsupported_parameter" }),
  "token-limit-name": status(400, "max_tokens has another name", {
    code: "unsupported_parameter",
    message: "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'.",
  }),
  "status-413": status(413, "too large"),
  "status-422": status(422, "unprocessable"),
  redirect: status(307, "redirect to the same host", { headers: { location: "/v1/elsewhere" } }),

  // Conversations that are refused
  "context-code": status(400, "the context is full, by code", { code: "context_length_exceeded" }),
  "context-phrase": status(400, "the context is full, by phrase", { message: CONTEXT_PHRASE }),
  "context-flat": status(400, "the context is full, in an error that is not nested", {
    body: { object: "error", message: CONTEXT_PHRASE, type: "BadRequestError", code: 400 },
  }),
  "filter-400": status(400, "content filter", { code: "content_filter" }),
  "filter-403": status(403, "moderation", { message: "This model requires moderation. Your input was flagged." }),
  "filter-finish": reply("cut by the content filter", { message: { content: "I" }, finish_reason: "content_filter" }),

  // Connections
  "reset-before-headers": { summary: "reset before the head", step: { do: "cut", after: "nothing", how: "reset" } },
  "close-before-headers": { summary: "closed before the head", step: { do: "cut", after: "nothing", how: "close" } },
  "reset-in-body": { summary: "reset in the body", step: { do: "cut", after: "part", how: "reset" } },
  "close-in-body": { summary: "closed in the body", step: { do: "cut", after: "part", how: "close" } },
  "content-length-long": body("fewer bytes than announced", { text: GOOD, content_length: 5000 }),
  "content-length-short": body("more bytes than announced", { text: GOOD, content_length: 20 }),
  hang: { summary: "no head ever", step: { do: "hang", after: "nothing" } },
  "hang-after-headers": { summary: "a head, and no body", step: { do: "hang", after: "headers" } },
  "hang-in-body": { summary: "half a body", step: { do: "hang", after: "part" } },
  drip: { summary: "a byte every 20 ms", step: { do: "drip", bytes: 1, every_ms: 20 } },

  // Bytes
  "cut-json": json("JSON that is cut", GOOD.slice(0, -10)),
  "trailing-garbage": json("JSON with more behind it", `${GOOD}\nOK`),
  bom: json("JSON behind a byte order mark", `\uFEFF${GOOD}`),
  "bad-utf8": body("bytes that are no UTF-8", {
    base64: Buffer.from(GOOD.replace("cache", "caf\xe9"), "latin1").toString("base64"),
  }),
  "bad-gzip": body("gzip that is none", { headers: { "content-encoding": "gzip" }, text: GOOD }),
  html: body("200 as HTML", { type: "text/html", text: HTML }),
  "text-plain": body("200 as plain text", { type: "text/plain", text: GOOD }),
  "no-type": body("200 without a content type", { type: null, text: GOOD }),
  "event-stream": body("an event stream unasked", {
    type: "text/event-stream",
    text: `data: ${GOOD}\n\ndata: [DONE]\n\n`,
  }),
  "no-content": body("204", { status: 204 }),
  "empty-body": json("an empty body", ""),
  null: json("null", "null"),
  array: json("an empty list", "[]"),
  string: json("a text", '"ok"'),
  flood: { summary: "200 MB", step: { do: "flood", bytes: 200_000_000 } },
  endless: { summary: "a body without an end", step: { do: "flood", bytes: null } },

  // Errors within a reply of status 200
  "error-429": json("error 429 within a reply", '{"error":{"code":429,"message":"slow down"}}'),
  "error-502": json("error 502 within a reply", '{"error":{"code":502,"message":"upstream"},"choices":[]}'),
  "error-text": json("an error without a code within a reply", '{"error":"overloaded"}'),
  "error-in-choice": json("an error within a choice", '{"choices":[{"error":{"code":503,"message":"x"}}]}'),
  "finish-error": reply("finish reason error", { finish_reason: "error" }),

  // Completions that are none, or odd ones
  "no-choices": json("no choices", '{"id":"x","object":"chat.completion"}'),
  "empty-choices": json("empty choices", '{"choices":[]}'),
  "no-message": json("a choice without a message", '{"choices":[{"finish_reason":"stop"}]}'),
  "two-choices": json("two choices", `{"choices":[${GOOD.slice(12, -2)},{"message":{"content":"other"}}]}`),
  "empty-completion": reply("nothing said, no tokens", {
    message: { content: null },
    usage: { prompt_tokens: 9, completion_tokens: 0 },
  }),
  "billed-silence": reply("nothing said, tokens billed", {
    message: { content: null },
    usage: { prompt_tokens: 9, completion_tokens: 12 },
  }),
  "reasoning-only": reply("reasoning and no content", {
    message: { content: null, reasoning_content: "check_status(cache)" },
  }),
  truncated: reply("cut by the limit of output", {
    message: { content: "update_config(cache, tt" },
    finish_reason: "length",
  }),
  "unknown-finish": reply("an unknown finish reason", { finish_reason: "eos" }),
  "refusal-field": reply("a refusal", { message: { content: null, refusal: "I cannot help with that." } }),
  "refusal-prose": reply("a refusal in prose", { message: { content: "I am sorry, I cannot help with that." } }),

  // Tool calls
  "arguments-malformed": calling("arguments that are no JSON", [look("a", '{"service":')]),
  "arguments-empty": calling("empty arguments", [look("a", "")]),
  "arguments-null": calling("null as arguments", [look("a", null)]),
  "arguments-object": calling("arguments as an object", [look("a", { service: "cache" })]),
  "arguments-extra": calling("arguments that nobody asked for", [look("a", '{"service":"cache","force":true}')]),
  "arguments-huge": calling("arguments of 1 MB", [look("a", `{"service":"${"x".repeat(1_000_000)}"}`)]),
  "arguments-proto": calling("__proto__ as an argument", [look("a", '{"__proto__":{"x":1},"service":"cache"}')]),
  "unknown-tool": calling("a tool that does not exist", [call("a", "open_ticket", "{}")]),
  "namespaced-tool": calling("a tool with a namespace", [call("a", "functions.check_status", LOOK)]),
  "call-and-text": reply("a call and text", { message: { content: "Let me look.", tool_calls: [{ ...look("a") }] } }),
  "function-call": reply("the older form of a call", {
    message: { content: null, function_call: { name: "check_status", arguments: LOOK } },
    finish_reason: "function_call",
  }),
  "two-calls": calling("two calls", [look("a"), look("b")]),
  "fifty-calls": calling(
    "fifty calls",
    Array.from({ length: 50 }, (_, i) => look(`call_${i}`)),
  ),
  "duplicate-ids": calling("two calls of one id", [look("a"), look("a")]),
  "missing-ids": calling("calls without ids", [look(null), look(null)]),

  // Accounts
  "usage-missing": reply("no usage", { usage: null }),
  "usage-negative": reply("negative usage", { usage: { prompt_tokens: -5, completion_tokens: 3 } }),
  "usage-fraction": reply("fractions of tokens", { usage: { prompt_tokens: 5.5, completion_tokens: 3 } }),
  "usage-text": reply("usage as text", { usage: { prompt_tokens: "5", completion_tokens: "3" } }),
  "usage-contradiction": reply("more cached than read", {
    usage: { prompt_tokens: 5, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 50 } },
  }),
  "other-model": reply("another model than asked for", { model: "something-else" }),

  // Secrets
  "echo-400": status(400, "an error that quotes key and address", { echo: true }),
  "echo-401": status(401, "an error that quotes key and address", { echo: true }),
  "echo-403": status(403, "an error that quotes key and address", { echo: true }),
  "echo-429": status(429, "an error that quotes key and address", { echo: true }),
  "echo-500": status(500, "an error that quotes key and address", { echo: true }),
  "echo-reply": reply("a completion that quotes key and address", { echo: true }),
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

export const isFault = (name: string): name is FaultName => Object.hasOwn(faults, name);
