import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { describe, expect, test } from "vitest";
import { PROVIDER_ERROR_CLASSES } from "../../../agents/llm/errors.ts";
import { classify } from "../../../eval/provider/classify.ts";
import type { Circumstances } from "../../../eval/provider/classify.ts";
import { errorClasses } from "../../../eval/provider/error-classes.ts";
import { BodyRefused } from "../../../eval/provider/exchange.ts";
import { ReplyFault } from "../../../eval/provider/reply-fault.ts";
import { readRetryAfter } from "../../../eval/provider/retry-after.ts";

const NOW = Date.UTC(2026, 10, 20, 12);

const exchange = (text = "", headers: Readonly<Record<string, string>> = {}) => ({
  text,
  headers: new Headers(headers),
  requestId: undefined,
});

const around = (changes: Partial<Circumstances> = {}): Circumstances => ({
  ended: null,
  exchange: exchange(),
  hadSuccess: true,
  maxRetryAfterMs: 300_000,
  now: NOW,
  ...changes,
});

const status = (
  code: number,
  body: unknown = {},
  headers: Readonly<Record<string, string>> = {},
  hadSuccess = true,
) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const error = APIError.generate(code, body as object, undefined, new Headers(headers));
  return classify(error, around({ exchange: exchange(text, headers), hadSuccess }));
};

const socket = (code: string, hadSuccess = true) => {
  const cause = Object.assign(new TypeError("fetch failed"), { cause: Object.assign(new Error("x"), { code }) });
  return classify(new APIConnectionError({ message: "x", cause }), around({ hadSuccess }));
};

test("every class says whether to try again, whether it counts, and whether the run halts", () => {
  expect(Object.keys(errorClasses).toSorted()).toEqual([...PROVIDER_ERROR_CLASSES].toSorted());
  for (const { fatal, retries, counted } of Object.values(errorClasses)) {
    expect(fatal && (retries > 0 || counted)).toBe(false);
    expect(counted).toBe(retries > 0);
  }
});

describe("an attempt that we ended ourselves", () => {
  test("is aborted or timed out, whatever else it looks like", () => {
    const error = new SyntaxError("cut");
    expect(classify(error, around({ ended: "stopped" }))).toMatchObject({ class: "aborted", counted: false });
    expect(classify(error, around({ ended: "deadline" }))).toMatchObject({ class: "timeout", counted: true });
    expect(classify(new APIUserAbortError(), around())).toMatchObject({ class: "aborted" });
  });
});

describe("a mistake of ours", () => {
  test.each([new TypeError("x is not a function"), new RangeError("x"), new Error("x"), "text", undefined])(
    "is nobody else's: %s",
    (error) => {
      expect(classify(error, around())).toBeNull();
    },
  );
});

describe("a status", () => {
  test.each([
    [307, "not_found"],
    [400, "bad_request"],
    [401, "auth"],
    [402, "quota_exhausted"],
    [403, "auth"],
    [404, "not_found"],
    [405, "bad_request"],
    [407, "auth"],
    [408, "timeout"],
    [409, "server"],
    [410, "not_found"],
    [413, "bad_request"],
    [422, "bad_request"],
    [425, "server"],
    [429, "rate_limited"],
    [500, "server"],
    [599, "server"],
  ])("%i is %s", (code, expected) => {
    expect(status(code)).toMatchObject({ class: expected, status: code });
  });

  test("400 halts the run only while nothing has ever succeeded", () => {
    expect(status(400, {}, {}, false)).toMatchObject({ class: "bad_request", fatal: true });
    expect(status(400, {}, {}, true)).toMatchObject({ class: "bad_request", fatal: false });
  });

  test("beyond the longest wait is an allowance used up", () => {
    expect(status(503, {}, { "retry-after": "300" })).toMatchObject({ class: "server", retryAfterMs: 300_000 });
    expect(status(503, {}, { "retry-after": "301" })).toMatchObject({ class: "quota_exhausted", fatal: true });
  });
});

describe("words", () => {
  test.each<[string, number, unknown, string]>([
    ["OpenAI", 400, { error: { code: "context_length_exceeded", message: "x" } }, "context_length"],
    [
      "vLLM",
      400,
      { object: "error", message: "This model's maximum context length is 4096 tokens.", code: 400 },
      "context_length",
    ],
    [
      "llama.cpp",
      400,
      { error: { type: "exceed_context_size_error", message: "the request exceeds the available context size" } },
      "context_length",
    ],
    [
      "Anthropic",
      400,
      { error: { type: "invalid_request_error", message: "prompt is too long: 210000 tokens > 200000 maximum" } },
      "context_length",
    ],
    [
      "Google",
      400,
      [{ error: { message: "The input token count exceeds the maximum number of tokens allowed" } }],
      "context_length",
    ],
    [
      "Groq",
      413,
      { error: { code: "request_too_large", message: "Please reduce the length of the messages" } },
      "context_length",
    ],
    [
      "Azure",
      400,
      { error: { code: "content_filter", innererror: { code: "ResponsibleAIPolicyViolation" } } },
      "content_filter",
    ],
    ["OpenRouter", 403, { error: { code: 403, message: "Your input was flagged by moderation" } }, "content_filter"],
    ["OpenAI", 429, { error: { code: "insufficient_quota", type: "insufficient_quota" } }, "quota_exhausted"],
    ["per day", 429, { error: { code: "requests_per_day_exceeded" } }, "quota_exhausted"],
    [
      "Google, per minute",
      429,
      { error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "You exceeded your current quota" } },
      "rate_limited",
    ],
    ["Ollama", 404, { error: 'model "x" not found' }, "not_found"],
    ["a detail", 422, { detail: [{ msg: "field required" }] }, "bad_request"],
    ["words of a server error", 500, { error: { message: "maximum context length" } }, "server"],
    ["HTML", 502, "<html>maximum context length</html>", "server"],
  ])("of %s with %i", (_, code, body, expected) => {
    expect(status(code, body)?.class).toBe(expected);
  });

  test.each<[unknown, string]>([
    [{ code: 429, message: "slow" }, "rate_limited"],
    [{ code: "502" }, "server"],
    [{ code: 401 }, "auth"],
    [{ code: 402 }, "quota_exhausted"],
    [{ code: "rate_limit_exceeded" }, "rate_limited"],
    [{ code: "context_length_exceeded" }, "context_length"],
    ["overloaded", "server"],
    [{ message: "upstream" }, "server"],
    [true, "server"],
  ])("within a reply: %j", (inBand, expected) => {
    expect(classify(new ReplyFault("in_band", inBand), around())?.class).toBe(expected);
  });

  test("of the provider stand in no message; a code does if it looks like one", () => {
    const error = status(400, { error: { code: "odd_code", message: "secret words" } });
    expect(error?.message).toBe(
      "The provider refused the request as it was formed. Look at the model's settings. (bad_request, HTTP 400, odd_code)",
    );
    expect(status(400, { error: { code: "not a <code>" } })?.code).toBeUndefined();
  });
});

describe("a socket", () => {
  test.each([
    ["ECONNREFUSED", "network"],
    ["ECONNRESET", "network"],
    ["EAI_AGAIN", "network"],
    ["UND_ERR_SOCKET", "network"],
    ["ETIMEDOUT", "timeout"],
    ["UND_ERR_CONNECT_TIMEOUT", "timeout"],
    ["CERT_HAS_EXPIRED", "not_found"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "not_found"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "not_found"],
    ["HPE_INVALID_CONSTANT", "bad_response"],
    ["Z_DATA_ERROR", "bad_response"],
    ["SOMETHING_NEW", "network"],
  ])("%s is %s", (code, expected) => {
    expect(socket(code)).toMatchObject({ class: expected, code });
  });

  test("ENOTFOUND is a wrong address until the name has been found once", () => {
    expect(socket("ENOTFOUND", false)).toMatchObject({ class: "not_found", fatal: true });
    expect(socket("ENOTFOUND", true)).toMatchObject({ class: "network", fatal: false });
  });

  test("without a code is the network's", () => {
    expect(classify(new APIConnectionError({ message: "x" }), around())?.class).toBe("network");
    expect(classify(new TypeError("terminated"), around())?.class).toBe("network");
    expect(classify(new APIConnectionTimeoutError(), around())?.class).toBe("timeout");
  });

  test("whose body was not taken gave a bad response", () => {
    const cause = new BodyRefused("too large");
    expect(classify(new APIConnectionError({ message: "x", cause }), around())?.class).toBe("bad_response");
  });
});

describe("how long to wait", () => {
  const DATE = "Fri, 20 Nov 2026 12:00:30 GMT";
  test.each<[Readonly<Record<string, string>>, number | null]>([
    [{}, null],
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": " 7 " }, 7000],
    [{ "retry-after": "1.5" }, 1500],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "-5" }, null],
    [{ "retry-after": "NaN" }, null],
    [{ "retry-after": "Infinity" }, null],
    [{ "retry-after": "1e9" }, null],
    [{ "retry-after": "abc" }, null],
    [{ "retry-after": "" }, null],
    [{ "retry-after": DATE }, 30_000],
    [{ "retry-after": DATE, date: "Fri, 20 Nov 2026 12:00:10 GMT" }, 20_000],
    [{ "retry-after": "Fri, 20 Nov 2020 12:00:00 GMT" }, 0],
    [{ "retry-after": "Foo, 99 Bar 2026 12:00:00 GMT" }, null],
    [{ "retry-after-ms": "250", "retry-after": "9" }, 250],
    [{ "retry-after-ms": "x", "retry-after": "9" }, 9000],
    [{ "x-ratelimit-reset-requests": "1m30s" }, 90_000],
    [{ "x-ratelimit-reset-tokens": "6m0s" }, 360_000],
    [{ "x-ratelimit-reset-tokens": "20ms" }, 20],
    [{ "x-ratelimit-reset-tokens": "1.5s" }, 1500],
    [{ "x-ratelimit-reset-requests": "soon" }, null],
    [
      { "x-ratelimit-reset-requests": "1h", "x-ratelimit-remaining-requests": "4", "x-ratelimit-reset-tokens": "2s" },
      2000,
    ],
  ])("%j: %s", (headers, expected) => {
    expect(readRetryAfter(new Headers(headers), NOW)).toBe(expected);
  });
});
