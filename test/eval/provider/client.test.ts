import { readFileSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { createServer as createTcp } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ProviderError } from "../../../agents/llm/errors.ts";
import { openConnections } from "../../../eval/provider/connections.ts";
import { startMockProvider } from "../../../eval/mock-provider/server.ts";
import type { MockProvider, MockProviderOptions } from "../../../eval/mock-provider/server.ts";
import { ASK, asked, going, realModel } from "./real.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function started(options: MockProviderOptions = {}): Promise<MockProvider> {
  const mock = await startMockProvider(options);
  closers.push(() => mock.close());
  return mock;
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

const FIXTURES = join(import.meta.dirname, "fixtures");

describe("what is sent", () => {
  test("is a chat completion with the headers that it needs, and no others", async () => {
    const mock = await started({ keepBodies: true });
    const tool = { name: "check_status", description: "Look.", parameters: { type: "object" } };
    const call = { id: "call_1", name: "check_status", arguments: "{}" };
    const entry = { temperature: 0, top_p: 0.5, max_output_tokens: 99, extra_body: { seed: 1 } };
    const real = realModel(mock.baseUrl(), { entry });
    closers.push(() => real.connections.close());
    const messages = [
      ...ASK.messages,
      { role: "assistant", content: null, toolCalls: [call] },
      { role: "tool", toolCallId: "call_1", content: "up" },
    ] as const;
    await real.model.forEpisode(null).complete({ messages, tools: [tool] }, going);
    const [sent] = mock.journal.entries;
    expect(JSON.parse(sent?.body ?? "")).toEqual({
      seed: 1,
      model: "some-model",
      messages: [
        { role: "system", content: "You are on call." },
        { role: "user", content: "The page is open." },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "call_1", type: "function", function: { name: "check_status", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "call_1", content: "up" },
      ],
      tools: [{ type: "function", function: tool }],
      temperature: 0,
      top_p: 0.5,
      max_tokens: 99,
    });
    const own = ["accept", "authorization", "content-type", "user-agent"];
    const transport = ["accept-encoding", "accept-language", "connection", "content-length", "host", "sec-fetch-mode"];
    expect(sent?.headers.filter((name) => !transport.includes(name))).toEqual(own);
    expect(sent?.key).toBe("...cdef");
  });

  test("has no key where the model has none, whatever the environment holds", async () => {
    const mock = await started();
    process.env["OPENAI_API_KEY"] = "sk-of-another-provider-000000";
    process.env["OPENAI_CUSTOM_HEADERS"] = "x-meant-for-another: secret";
    try {
      await asked(mock.baseUrl(), { key: null });
    } finally {
      delete process.env["OPENAI_API_KEY"];
      delete process.env["OPENAI_CUSTOM_HEADERS"];
    }
    const [sent] = mock.journal.entries;
    expect(sent?.key).toBeNull();
    expect(sent?.headers).not.toContain("authorization");
    expect(sent?.headers).not.toContain("x-meant-for-another");
  });

  test("says its limit of output in the way that the server takes, having asked once", async () => {
    const mock = await started({ script: ["token-limit-name", "ok*"], keepBodies: true });
    const real = realModel(mock.baseUrl(), { entry: { max_output_tokens: 50 } });
    closers.push(() => real.connections.close());
    const episode = real.model.forEpisode(null);
    await episode.complete(ASK, going);
    await episode.complete(ASK, going);
    const limits = mock.journal.entries.map(({ body }) => Object.keys(JSON.parse(body) as object).slice(2));
    expect(limits).toEqual([["max_tokens"], ["max_completion_tokens"], ["max_completion_tokens"]]);
    expect(await real.store.calls()).toMatchObject([{ state: "failed", breakerCounted: false }, {}, {}]);
  });

  test("and refused again is not sent a third time", async () => {
    const mock = await started({ script: ["token-limit-name*"] });
    const { error } = await asked(mock.baseUrl(), { entry: { max_output_tokens: 50 } });
    expect(error).toMatchObject({ class: "bad_request", fatal: true });
    expect(mock.journal.entries).toHaveLength(2);
  });
});

describe("what is not there", () => {
  test("F12 a refused connection is the network's", async () => {
    const server = createTcp();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    closers.length = 0;
    const { error, calls } = await asked(`http://127.0.0.1:${port}/v1`);
    expect(error).toMatchObject({ class: "network", code: "ECONNREFUSED", fatal: false });
    expect(calls).toHaveLength(6);
  });

  test("F12 an unknown host is a mistake in the configuration, until it has been found once", async () => {
    const mock = await started({ script: [{ do: "reply", headers: { connection: "close" } }] });
    const dns = { isUp: false };
    const lookup = (_host: string, options: { all?: boolean }, done: (...args: unknown[]) => void): void => {
      if (!dns.isUp) done(Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" }));
      else if (options.all === true) done(null, [{ address: "127.0.0.1", family: 4 }]);
      else done(null, "127.0.0.1", 4);
    };
    const connections = openConnections({ connect: { lookup } });
    const policy = { max_retries: 0 };
    const real = realModel(mock.baseUrl().replace("127.0.0.1", "provider.test"), { connections, policy });
    closers.push(() => connections.close());
    const ask = () =>
      real.model
        .forEpisode(null)
        .complete(ASK, going)
        .catch((error: unknown) => error);
    expect(await ask()).toMatchObject({ class: "not_found", code: "ENOTFOUND", fatal: true });
    dns.isUp = true;
    expect(await ask()).toMatchObject({ finishReason: "stop" });
    dns.isUp = false;
    expect(await ask()).toMatchObject({ class: "network", code: "ENOTFOUND", fatal: false });
  });

  test("F12 a certificate that nobody vouches for is a mistake in the configuration", async () => {
    const [key, cert] = ["test-key.pem", "test-cert.pem"].map((name) => readFileSync(join(FIXTURES, name)));
    const port = await listening(createHttps({ key, cert }));
    const { error, calls } = await asked(`https://localhost:${port}/v1`);
    expect(error).toMatchObject({ class: "not_found", code: "DEPTH_ZERO_SELF_SIGNED_CERT", fatal: true });
    expect(calls).toHaveLength(1);
  });

  test("a server that does not speak HTTP gives a bad response", async () => {
    const port = await listening(
      createTcp((socket) => {
        socket.on("error", () => {}).resume();
        socket.end("SSH-2.0-OpenSSH_9.2\r\n");
      }),
    );
    const { error } = await asked(`http://127.0.0.1:${port}/v1`, { policy: { max_retries: 0 } });
    expect(error).toMatchObject({ class: "bad_response" });
  });
});

describe("deadlines", () => {
  test("F15 a reply just within the deadline is taken, one just beyond it is not", async () => {
    const mock = await started({
      script: [
        { do: "reply", delay_ms: 100 },
        { do: "reply", delay_ms: 3000 },
      ],
    });
    const policy = { attempt_timeout_s: 1.5, max_retries: 0 };
    expect((await asked(mock.baseUrl(), { policy })).reply).not.toBeNull();
    expect((await asked(mock.baseUrl(), { policy })).error).toMatchObject({ class: "timeout" });
  });

  test.each(["hang", "hang-after-headers", "hang-in-body", "drip"] as const)(
    "F16, F17 %s ends at the deadline",
    async (fault) => {
      const mock = await started();
      const began = performance.now();
      await asked(mock.baseUrl(fault), { policy: { attempt_timeout_s: 0.3, max_retries: 0 } });
      const took = performance.now() - began;
      expect(took).toBeGreaterThan(295);
      expect(took).toBeLessThan(1500); // the machine may be busy; without a deadline it would be for ever
    },
  );

  test("an error whose body hangs ends at the deadline too", async () => {
    const server = createHttp((_request, response) => {
      response.writeHead(500, { "content-type": "application/json" });
      response.write("{");
    });
    const port = await listening(server);
    closers.push(async () => server.closeAllConnections());
    closers.reverse();
    const policy = { attempt_timeout_s: 0.2, max_retries: 0 };
    expect((await asked(`http://127.0.0.1:${port}/v1`, { policy })).error).toMatchObject({ class: "timeout" });
  });

  test("the runtime's own limits on head and body do not apply", async () => {
    const mock = await started({ script: [{ do: "reply", delay_ms: 1200 }] });
    // Honoured, these would end the call within a second: it is the same class that takes the setting of 0.
    const strict = openConnections();
    const Agent = (strict.dispatcher as object).constructor as new (options: object) => unknown;
    const body = JSON.stringify({ model: "m", messages: ASK.messages });
    const short = { method: "POST", body, dispatcher: new Agent({ headersTimeout: 1 }) };
    await expect(fetch(`${mock.baseUrl()}/chat/completions`, short as RequestInit)).rejects.toMatchObject({
      cause: { code: "UND_ERR_HEADERS_TIMEOUT" },
    });
    const slow = await started({ script: [{ do: "reply", delay_ms: 1200 }] });
    const policy = { max_retries: 0 };
    expect((await asked(slow.baseUrl(), { connections: strict, policy })).reply).not.toBeNull();
  });

  test("the run's own signal ends a call and leaves the breaker alone", async () => {
    const mock = await started();
    const real = realModel(mock.baseUrl("hang"));
    closers.push(() => real.connections.close());
    const stop = new AbortController();
    const call = real.model.forEpisode(null).complete(ASK, stop.signal);
    setTimeout(() => stop.abort(new Error("stopped")), 50);
    await expect(call).rejects.toMatchObject({ name: "ProviderError", class: "aborted", fatal: false });
    expect(await real.store.calls()).toMatchObject([{ state: "failed", errorClass: "aborted", breakerCounted: false }]);
    expect(await real.store.gate(real.model.endpointKey)).toMatchObject({ failures: 0 });
  });
});

describe("size", () => {
  test("F28 a reply of 5 MB is taken", async () => {
    const content = "x".repeat(5_000_000);
    const mock = await started({ script: [{ do: "reply", message: { content } }] });
    const { reply } = await asked(mock.baseUrl());
    expect(reply?.content).toHaveLength(5_000_000);
  });

  test("F28 an endless body is cut off, and memory stays bounded", async () => {
    const mock = await started();
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    }, 5);
    const before = process.memoryUsage().arrayBuffers;
    try {
      const { error, calls } = await asked(mock.baseUrl("endless"), { policy: { max_retries: 2 } });
      expect(error).toMatchObject({ class: "bad_response" });
      expect(calls).toHaveLength(3);
    } finally {
      clearInterval(watch);
    }
    expect(most - before).toBeLessThan(100_000_000);
  });
});

describe("what a model says", () => {
  test("F38 comes through as it is, but for what no store could keep", async () => {
    const odd = "\u001b[31mred\r\0\u202e=CMD()</script>\u2028";
    const message = {
      content: `${odd}\ud800`,
      tool_calls: [{ id: "x".repeat(99), function: { name: `${odd}\udfff` } }],
    };
    const mock = await started({
      script: [{ do: "reply", message, model: "m".repeat(900), finish_reason: "\ud800".repeat(900) }],
    });
    const { reply, calls } = await asked(mock.baseUrl());
    expect(reply).toMatchObject({
      content: `${odd}\ufffd`,
      toolCalls: [{ id: "", name: `${odd}\ufffd`, arguments: "" }],
      finishReason: "\ufffd".repeat(64),
    });
    expect(calls).toMatchObject([{ state: "ok", modelReturned: "m".repeat(200), finishReason: "\ufffd".repeat(64) }]);
  });

  test("is text, also where a server sends it in parts", async () => {
    const parts = [{ type: "text", text: "check_" }, { type: "image" }, { type: "text", text: "status(cache)" }, null];
    const mock = await started({ script: [{ do: "reply", message: { content: parts } }] });
    expect((await asked(mock.baseUrl())).reply).toMatchObject({ content: "check_status(cache)" });
  });

  test("may be nested deeper than anything can be written", async () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    const text = `{"choices":[{"message":{"tool_calls":[{"function":{"name":"x","arguments":${deep}}}]}}]}`;
    const mock = await started({
      script: [
        { do: "body", text },
        { do: "body", text: deep },
        { do: "body", text: `{"error":${deep}}` },
      ],
    });
    const policy = { max_retries: 0 };
    expect((await asked(mock.baseUrl(), { policy })).reply?.toolCalls).toMatchObject([{ name: "x" }]);
    expect((await asked(mock.baseUrl(), { policy })).error).toMatchObject({ class: "bad_response" });
    expect((await asked(mock.baseUrl(), { policy })).error).toMatchObject({ class: "server" });
  });
});

describe("redirects", () => {
  let visits: string[];
  beforeEach(() => {
    visits = [];
  });

  test.each(["same host", "other host", "loop"])(
    "F31 to %s is not followed, so the key goes nowhere",
    async (where) => {
      const other = createHttp((request, response) => {
        visits.push(request.headers.authorization ?? "");
        response.end("{}");
      });
      const otherPort = await listening(other);
      const server = createHttp((request, response) => {
        visits.push(request.url ?? "");
        const location =
          where === "other host" ? `http://127.0.0.1:${otherPort}/v1` : where === "loop" ? request.url : "/v2";
        response.writeHead(302, { location }).end();
      });
      const port = await listening(server);
      const { error, calls } = await asked(`http://127.0.0.1:${port}/v1`);
      expect(error).toMatchObject({ class: "not_found", status: 302, fatal: true });
      expect(calls).toHaveLength(1);
      expect(visits).toEqual(["/v1/chat/completions"]);
    },
  );
});

describe("connections", () => {
  test("F13 one that the server closed while it was idle is the network's trouble, and the next attempt succeeds", async () => {
    const mock = await started({ script: ["ok", "close-before-headers", "ok"] });
    const real = realModel(mock.baseUrl(), { policy: { max_retries: 1 } });
    closers.push(() => real.connections.close());
    const episode = real.model.forEpisode(null);
    await episode.complete(ASK, going);
    await episode.complete(ASK, going);
    const calls = await real.store.calls();
    expect(calls.map(({ state, errorClass }) => [state, errorClass])).toEqual([
      ["ok", null],
      ["failed", "network"],
      ["ok", null],
    ]);
  });
});

describe("what is recorded", () => {
  test("a call with its times, tokens, cost, hashes and names", async () => {
    const usage = {
      prompt_tokens: 1000,
      completion_tokens: 200,
      prompt_tokens_details: { cached_tokens: 400, cache_write_tokens: 100 },
      completion_tokens_details: { reasoning_tokens: 50 },
    };
    const mock = await started({ script: [{ do: "reply", delay_ms: 30, usage }] });
    const prices = [
      { model: "some-model", from: "2020-01-01", input: "2", cached: "0.5", cache_write: "3", output: "10" },
    ];
    const real = realModel(mock.baseUrl(), { options: { prices } });
    closers.push(() => real.connections.close());
    const episode = real.model.forEpisode(null);
    episode.atStep(4);
    await episode.complete(ASK, going);
    const [call] = await real.store.calls();
    expect(call).toMatchObject({
      state: "ok",
      step: 4,
      requestNo: 1,
      attempt: 1,
      httpStatus: 200,
      modelRequested: "some-model",
      modelReturned: "some-model",
      providerRequestId: "req_mock",
      finishReason: "stop",
      inputTokens: 1000,
      cachedTokens: 400,
      cacheWriteTokens: 100,
      outputTokens: 200,
      reasoningTokens: 50,
      usageSource: "reported",
      costUusd: 500 * 2 + 200 + 300 + 2000,
      requestSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      responseSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      quirks: null,
    });
    expect(call?.ttfbMs).toBeGreaterThanOrEqual(25);
    expect(call?.latencyMs).toBeGreaterThanOrEqual(call?.ttfbMs ?? Infinity);
    expect(episode.totals).toMatchObject({
      providerCalls: 1,
      providerFailures: 0,
      inputTokens: 1000,
      costUusd: 3500,
      costComplete: true,
    });
  });

  test("a call that a mistake of ours ended gives its permit back", async () => {
    const mock = await started();
    const real = realModel(mock.baseUrl(), {
      options: {
        send: () => Promise.reject(new TypeError("x is not a function")),
      },
    });
    closers.push(() => real.connections.close());
    const call = real.model.forEpisode(null).complete(ASK, going);
    await expect(call).rejects.toThrow(TypeError);
    await expect(call).rejects.not.toBeInstanceOf(ProviderError);
    expect(await real.store.calls()).toMatchObject([{ state: "failed", errorClass: "harness_error" }]);
  });
});
