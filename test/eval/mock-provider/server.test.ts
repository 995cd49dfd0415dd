import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ChatMessage, ChatTool } from "../../../agents/llm/chat-model.ts";
import { blundering, playing, recorded, saying, turnOf } from "../../../eval/mock-provider/behaviours.ts";
import type { Behaviour } from "../../../eval/mock-provider/behaviours.ts";
import { startMockProvider } from "../../../eval/mock-provider/server.ts";
import type { MockProvider, MockProviderOptions } from "../../../eval/mock-provider/server.ts";
import { ASK, going, realModel } from "../provider/real.ts";

let mock: MockProvider;
const start = async (options: MockProviderOptions = {}) => {
  mock = await startMockProvider(options);
};
beforeEach(() => start());
afterEach(() => mock.close());

const post = (body: unknown, { path = "/v1/chat/completions", headers = {} } = {}) =>
  fetch(`${mock.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

const user = (content: string) => ({ role: "user", content });
const GOOD = { model: "m", messages: [user("hello")] };

describe("a request", () => {
  test("is answered with a completion in OpenAI's form", async () => {
    const reply = (await (await post(GOOD)).json()) as Record<string, unknown>;
    expect(reply).toEqual({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 0,
      model: "m",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: '{"type":"check_status","service":"cache"}' },
          finish_reason: "stop",
        },
      ],
      usage: {
        prompt_tokens: expect.any(Number),
        completion_tokens: expect.any(Number),
        total_tokens: expect.any(Number),
      },
    });
  });

  const call = { id: "a", type: "function", function: { name: "x", arguments: "{}" } };
  const called = { role: "assistant", content: null, tool_calls: [call] };
  test.each<[string, object, RegExp]>([
    ["without messages", { model: "m", messages: [] }, /messages/],
    ["with an unknown role", { model: "m", messages: [{ role: "judge", content: "x" }] }, /role/],
    ["with a call that is not answered", { model: "m", messages: [called, user("x")] }, /The calls a are not answered/],
    ["that ends in a call", { model: "m", messages: [called] }, /The calls a are not answered/],
    [
      "that answers what nobody called",
      { model: "m", messages: [{ role: "tool", tool_call_id: "b", content: "x" }] },
      /No call has the id .*b/,
    ],
  ])("%s is refused as a provider would", async (_, body, message) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(message);
  });

  test("to any other address is not found", async () => {
    expect((await post(GOOD, { path: "/v1/models" })).status).toBe(404);
    expect((await fetch(`${mock.url}/v1/chat/completions`)).status).toBe(404);
    expect((await post(GOOD, { path: "/fault/nonsense/v1/chat/completions" })).status).toBe(404);
  });

  test("chooses its fault by path, header or model, and each counts its own requests", async () => {
    await mock.close();
    await start({ script: ["status-503", "ok*"] });
    const statuses = [
      await post(GOOD, { path: "/fault/payment/v1/chat/completions" }),
      await post(GOOD, { headers: { "x-mock-fault": "status-422" } }),
      await post({ ...GOOD, model: "status-401" }),
      await post(GOOD),
      await post({ ...GOOD, model: "../../etc/passwd" }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([402, 422, 401, 503, 200]);
    expect(mock.journal.entries.map(({ script, place }) => [script, place])).toEqual([
      ["payment", 0],
      ["status-422", 0],
      ["status-401", 0],
      ["script", 0],
      ["script", 1],
    ]);
  });

  test("is in the journal without its key", async () => {
    await post(GOOD, { headers: { authorization: "Bearer sk-0123456789abcdef" } });
    await post(GOOD);
    expect(mock.journal.entries).toMatchObject([
      { number: 1, did: "reply", model: "m", messages: 1, key: "...cdef", finished: true, body: "" },
      { number: 2, key: null },
    ]);
    expect(JSON.stringify(mock.journal.entries)).not.toContain("sk-0123456789");
    expect(mock.journal.entries[0]?.inputTokens).toBeGreaterThan(0);
  });

  test("that hangs does not keep the mock from closing", async () => {
    const hanging = post(GOOD, { path: "/fault/hang/v1/chat/completions" }).catch((error: unknown) => error);
    while (mock.journal.open === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await mock.close();
    expect(await hanging).toBeInstanceOf(TypeError);
    await expect.poll(() => mock.journal.open).toBe(0);
    await start();
  });

  test("is taken on this machine's own address alone", () => {
    expect(new URL(mock.url).hostname).toBe("127.0.0.1");
    const port = Number(new URL(mock.url).port);
    const socket = connect({ host: "127.0.0.2", port });
    return expect(
      new Promise((resolve) => {
        socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
        socket.once("connect", () => resolve("connected"));
      }),
    ).resolves.toBe("ECONNREFUSED");
  });
});

const tool: ChatTool = { name: "check_status", description: "Look.", parameters: { type: "object" } };

/** What the client makes of a model's answer. */
async function askedOf(reply: Behaviour, messages: readonly ChatMessage[], tools: readonly ChatTool[] = []) {
  await mock.close();
  await start({ reply });
  const real = realModel(mock.baseUrl());
  const answer = await real.model.forEpisode(null).complete({ messages, tools }, going);
  await real.connections.close();
  return answer;
}

/** A conversation in which the model has had so many turns. */
const turns = (count: number): ChatMessage[] => [
  ...ASK.messages,
  ...Array.from({ length: count }, () => [
    { role: "assistant", content: "x" } as const,
    { role: "user", content: "y" } as const,
  ]).flat(),
];

describe("a model that is played", () => {
  test("well sees the conversation as agents have it, calls and answers included", async () => {
    const seen: unknown[] = [];
    const messages: ChatMessage[] = [
      ...ASK.messages,
      { role: "assistant", content: null, toolCalls: [{ id: "a", name: "check_status", arguments: "{}" }] },
      { role: "tool", toolCallId: "a", content: "up" },
    ];
    const reply: Behaviour = async (given, tools) => {
      seen.push(given, tools);
      return saying({ type: "check_status", service: given.at(-1)?.content === "up" ? "cache" : "web_server" }, tools);
    };
    const answer = await askedOf(reply, messages, [tool]);
    expect(seen).toEqual([messages, [tool]]);
    expect(answer.toolCalls).toMatchObject([{ name: "check_status", arguments: '{"service":"cache"}' }]);
    expect(answer.finishReason).toBe("tool_calls");
  });

  test("from a list says one action a turn, as a call or as text", async () => {
    const list = playing([
      { type: "check_status", service: "cache" },
      { type: "escalate", reason: "dns" },
    ]);
    expect((await askedOf(list, turns(0))).content).toBe('{"type":"check_status","service":"cache"}');
    expect((await askedOf(list, turns(1))).content).toBe('{"type":"escalate","reason":"dns"}');
    expect((await askedOf(list, turns(9))).content).toBe('{"type":"escalate","reason":"dns"}');
    expect((await askedOf(list, turns(1), [tool])).toolCalls).toMatchObject([{ name: "escalate" }]);
  });

  test("from a recording says what was said", async () => {
    const said = recorded([{ content: "one" }, { content: "two", finishReason: "length" }]);
    expect(await askedOf(said, turns(1))).toMatchObject({ content: "two", finishReason: "length" });
  });

  test("badly gets every turn wrong in its own way", async () => {
    const replies = [0, 1, 2, 3, 4, 5, 6].map((count) => blundering(turns(count), [tool]));
    expect(new Set(replies.map((one) => JSON.stringify(one))).size).toBe(6);
    expect(replies[6]).toEqual(replies[0]);
    expect(turnOf(turns(3))).toBe(3);
  });
});
