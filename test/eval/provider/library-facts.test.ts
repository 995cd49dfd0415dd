import OpenAI, { APIConnectionError, APIError, APIUserAbortError } from "openai";
import pRetry from "p-retry";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FaultName } from "../../../eval/mock-provider/faults.ts";
import { startMockProvider } from "../../../eval/mock-provider/server.ts";
import type { MockProvider } from "../../../eval/mock-provider/server.ts";

/**
 * What the libraries do when left to themselves. Nothing here is wanted: each fact is a reason for something in
 * eval/provider, and one that no longer holds after an upgrade is code that may go.
 */

let mock: MockProvider;
beforeAll(async () => {
  mock = await startMockProvider();
});
afterAll(() => mock.close());

const body = { model: "m", messages: [{ role: "user", content: "x" }] };

const client = (fault: FaultName, options: object = {}) =>
  new OpenAI({ apiKey: "none", baseURL: mock.baseUrl(fault), maxRetries: 0, logLevel: "off", ...options });

const post = (fault: FaultName, options: object = {}, request: object = {}): Promise<unknown> =>
  client(fault, options).post("/chat/completions", { body, ...request });

const failure = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    (value) => Promise.reject(new Error(`Expected a failure, got ${JSON.stringify(value)}.`)),
    (error: unknown) => error as Error,
  );

describe("openai", () => {
  test("its timeout does not cover the body, an abort signal does, and surfaces as a DOMException", async () => {
    await post("two-calls"); // connections are made, so that the head comes at once
    const began = performance.now();
    const request = { timeout: 200, signal: AbortSignal.timeout(700) };
    const error = await failure(post("hang-after-headers", {}, request));
    expect(performance.now() - began).toBeGreaterThan(600);
    expect(error).toBeInstanceOf(DOMException);
    expect(error).not.toBeInstanceOf(APIError);
  });

  test("an abort before the head is an error of its own", async () => {
    expect(await failure(post("hang", {}, { signal: AbortSignal.timeout(50) }))).toBeInstanceOf(APIUserAbortError);
  });

  test.each<[FaultName, unknown]>([
    ["html", expect.stringContaining("<!doctype html>")],
    ["text-plain", expect.stringContaining("choices")],
    ["event-stream", expect.stringContaining("data: ")],
    ["null", null],
    ["array", []],
    ["string", "ok"],
    ["error-429", { error: { code: 429, message: "slow down" } }],
  ])("resolves with whatever comes with status 200: %s", async (fault, value) => {
    expect(await post(fault)).toEqual(value);
  });

  test("resolves with null for a 204", async () => {
    expect(await post("no-content")).toBeNull();
  });

  test("retries by itself, and obeys the server about it", async () => {
    const before = mock.journal.entries.length;
    await failure(post("status-500", { maxRetries: 1 }));
    await failure(post("no-retry-header", { maxRetries: 1 }));
    expect(mock.journal.entries.slice(before).map(({ script }) => script)).toEqual([
      "status-500",
      "status-500",
      "no-retry-header",
    ]);
  });

  test.each<[FaultName, string, string]>([
    ["status-500", "Error", "InternalServerError"],
    ["payment", "Error", "APIError"],
    ["status-408", "Error", "APIError"],
    ["status-413", "Error", "APIError"],
    ["reset-before-headers", "Error", "APIConnectionError"],
  ])("its errors are told apart by class, not by name: %s", async (fault, name, constructor) => {
    const error = await failure(post(fault));
    expect([error.name, error.constructor.name]).toEqual([name, constructor]);
  });

  test("a connection that breaks in the body is a plain TypeError, cut JSON a plain SyntaxError", async () => {
    const reset = await failure(post("reset-in-body"));
    expect([reset.constructor, reset.message]).toEqual([TypeError, "terminated"]);
    expect((await failure(post("cut-json"))).constructor).toBe(SyntaxError);
  });

  test("follows redirects unless told not to, and then they are errors", async () => {
    const before = mock.journal.entries.length;
    await failure(post("redirect"));
    expect(mock.journal.entries.slice(before).map(({ path }) => path)).toContain("/v1/elsewhere");
    const error = await failure(post("redirect", { fetchOptions: { redirect: "manual" } }));
    expect(error).toMatchObject({ status: 307 });
  });

  test("drops the message of an error that is not nested", async () => {
    expect((await failure(post("context-flat"))).message).toBe("400 status code (no body)");
  });

  test("a proxy's refusal is no status", async () => {
    const error = await failure(post("status-407"));
    expect(error).toBeInstanceOf(APIConnectionError);
    expect((error as APIError).status).toBeUndefined();
  });

  test("sends custom headers of the environment to whatever provider", async () => {
    const before = process.env["OPENAI_CUSTOM_HEADERS"];
    process.env["OPENAI_CUSTOM_HEADERS"] = "x-meant-for-another: secret";
    try {
      await post("two-calls");
      expect(mock.journal.entries.at(-1)?.headers).toContain("x-meant-for-another");
    } finally {
      if (before === undefined) delete process.env["OPENAI_CUSTOM_HEADERS"];
      else process.env["OPENAI_CUSTOM_HEADERS"] = before;
    }
  });
});

/** How often an attempt is made that always fails. */
async function attempts(error: unknown, options: object): Promise<number> {
  let count = 0;
  const attempt = (): never => {
    count += 1;
    throw error;
  };
  await failure(pRetry(attempt, { minTimeout: 0, factor: 1, ...options }));
  return count;
}

describe("p-retry", () => {
  test("gives up at once on most TypeErrors, without asking", async () => {
    let asked = 0;
    const shouldRetry = (): boolean => {
      asked += 1;
      return true;
    };
    expect(await attempts(new TypeError("mine"), { retries: 3, shouldRetry })).toBe(1);
    expect(asked).toBe(0);
  });

  test("five retries are six attempts, without a sleep", async () => {
    const began = performance.now();
    expect(await attempts(new Error("x"), { retries: 5 })).toBe(6);
    expect(performance.now() - began).toBeLessThan(500);
  });
});
