import { describe, expect, test } from "vitest";
import { openSocket, reset, startServer, step } from "../server/fixtures.ts";
import type { RawSocket } from "../server/fixtures.ts";
import { call, request } from "./fixtures.ts";

const speak = (url: string): Promise<RawSocket> => openSocket(url, {}, "/mcp");
const mcp = (data: unknown) => ({ type: "mcp", data });
const idOf = async (client: RawSocket): Promise<string> =>
  (await client.ask(request("openenv/session/create"))).result.session_id;
const stateOf = async (url: string, id: string) =>
  (await (await fetch(`${url}/state`, { headers: { "x-session-id": id } })).json()) as Record<string, unknown>;

describe("WebSocket /mcp", () => {
  test("has an episode of its own at once, and plays it", async () => {
    const { url } = await startServer({ defaultSeed: 4 });
    const client = await speak(url);
    const { session_id } = (await client.ask(request("openenv/session/create"))).result;
    expect((await client.ask(request("openenv/session/create"))).result).toEqual({ session_id });
    expect(await stateOf(url, session_id)).toMatchObject({ seed: 4, step_count: 0 });
    expect((await client.ask(request("tools/list"))).result.tools).toHaveLength(9);
    expect((await client.ask(request(...call("get_briefing")))).result.isError).toBe(false);
    expect((await client.ask(request(...call("check_status", { service: "cache" })))).result.isError).toBe(false);
    expect((await client.ask(request(...call("check_status", { service: "x" }, { session_id })))).result.isError).toBe(
      true,
    );
    expect(await stateOf(url, session_id)).toMatchObject({ step_count: 2, metrics: { invalid_actions: 1 } });
  });

  test("takes no options and does not close its own session, but that of others", async () => {
    const { url } = await startServer();
    const [client, other] = [await speak(url), await speak(url)];
    expect((await client.ask(request("openenv/session/create", { seed: 1 }))).error.code).toBe(-32_602);
    expect((await client.ask(request("openenv/session/close", { session_id: await idOf(client) }))).error.code).toBe(
      -32_600,
    );
    const theirs = await idOf(other);
    expect((await client.ask(request("openenv/session/close", { session_id: theirs }))).result).toEqual({
      session_id: theirs,
      closed: false,
      closing: true,
    });
    other.socket.close();
    await other.closed;
    expect((await client.ask(request("openenv/session/close", { session_id: theirs }))).error.code).toBe(-32_602);
  });

  test("answers a burst one for one, in order, and goes on after what is no request", async () => {
    const { url } = await startServer();
    const client = await speak(url);
    for (let id = 0; id < 300; id += 1) client.send(id % 3 === 0 ? "{" : { jsonrpc: "2.0", id, method: "tools/none" });
    for (let id = 0; id < 300; id += 1) {
      const reply = await client.next(); // oxlint-disable-line no-await-in-loop
      expect([reply.id, reply.error.code]).toEqual(id % 3 === 0 ? [null, -32_700] : [id, -32_601]);
    }
  });

  test.for(["[]", "3", '"x"', "null", Buffer.from("{}")])("ends after %j with a reason", async (frame) => {
    const { url } = await startServer();
    const client = await speak(url);
    client.socket.send(frame);
    expect(await client.next()).toMatchObject({ jsonrpc: "2.0", id: null, error: { code: -32_000, data: null } });
    expect(await client.closed).toBe(1000);
  });

  test("is refused with the reason where the server is full, and frees its slot when it goes", async () => {
    const { url } = await startServer({ maxSessions: 1, slotWaitMs: 30 });
    const first = await speak(url);
    await first.ask(request("tools/list"));
    const late = await speak(url);
    expect(await late.next()).toMatchObject({
      id: null,
      error: { code: -32_000, data: { active_sessions: 1, max_sessions: 1 } },
    });
    late.send(request("tools/list"));
    expect(await late.closed).toBe(1000);
    first.socket.terminate();
    await first.closed;
    const next = await openSocket(url);
    expect((await next.ask(reset())).type).toBe("observation");
  });

  test("keeps the limits of a socket: size, idleness, a shutdown", async () => {
    const server = await startServer({ frameBytes: 1000, sessionIdleS: 1, pingMs: 50 });
    const big = await speak(server.url);
    big.send("x".repeat(1001));
    expect(await big.closed).toBe(1009);
    const idle = await speak(server.url);
    expect(await idle.closed).toBe(4408);
    const last = await speak(server.url);
    await last.ask(request("tools/list"));
    const closing = server.close();
    expect(await last.closed).toBe(1012);
    await closing;
  });
});

describe("/ws", () => {
  test("frames of type mcp act on the connection's episode", async () => {
    const { url } = await startServer();
    const client = await openSocket(url);
    expect((await client.ask(mcp(request("tools/list")))).data.result.tools).toHaveLength(9);
    for (const [name, given] of [
      ["check_status", { service: "cache" }],
      ["get_briefing", {}],
    ] as const) {
      const refused = await client.ask(mcp(request(...call(name, given))));
      expect(refused).toMatchObject({ type: "mcp", data: { error: { code: -32_603, data: { reason: "NOT_RESET" } } } });
    }
    const { text } = (await client.ask(reset({ seed: 7 }))).data.observation;
    expect((await client.ask(mcp(request(...call("get_briefing"))))).data.result.data).toBe(text);
    expect((await client.ask(mcp(request(...call("check_status", { service: "cache" }))))).data.result.isError).toBe(
      false,
    );
    expect((await client.ask({ type: "state" })).data.step_count).toBe(1);
    await client.ask(step("escalate(me)"));
    const closed = await client.ask(mcp(request(...call("check_status", { service: "cache" }))));
    expect(closed.data.result).toMatchObject({ isError: true, data: "The incident is closed." });
  });

  test("a frame of type mcp without a request object is a broken envelope, and a bad request an answer", async () => {
    const { url } = await startServer();
    const client = await openSocket(url);
    for (const frame of [{ type: "mcp" }, mcp(null), mcp([]), mcp("x"), { ...mcp({}), extra: 1 }]) {
      const reply = await client.ask(frame); // oxlint-disable-line no-await-in-loop
      expect(reply).toMatchObject({ type: "error", data: { code: "VALIDATION_ERROR" } });
    }
    expect(await client.ask(mcp({}))).toMatchObject({ type: "mcp", data: { id: null, error: { code: -32_600 } } });
  });

  test("list_tools and call_tool are step actions, there and over HTTP", async () => {
    const { url } = await startServer();
    const client = await openSocket(url);
    const listed = await client.ask(step({ type: "list_tools" }));
    expect(listed).toMatchObject({ type: "observation", data: { reward: null, done: false } });
    const response = await fetch(`${url}/step`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ action: { type: "list_tools" } }),
    });
    expect(await response.json()).toEqual(listed.data);
    await client.ask(reset({ seed: 7 }));
    const called = await client.ask({
      ...step({ type: "call_tool", tool_name: "check_status", arguments: { service: "cache" } }),
      request_id: "r-1",
    });
    expect(called).toMatchObject({
      request_id: "r-1",
      data: { observation: { tool_name: "check_status", result: { is_error: false }, error: null }, done: false },
    });
    expect(Number.isFinite(called.data.reward)).toBe(true);
    expect((await client.ask({ type: "state" })).data.step_count).toBe(1);
  });
});
