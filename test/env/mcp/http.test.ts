import { describe, expect, test } from "vitest";
import { openSocket, reset, startServer, step } from "../server/fixtures.ts";
import { ask, call, post, request } from "./fixtures.ts";

const CODES = { parse: -32_700, request: -32_600, method: -32_601, params: -32_602, internal: -32_603, full: -32_000 };
const stateOf = async (url: string, id: string) =>
  (await (await fetch(`${url}/state`, { headers: { "x-session-id": id } })).json()) as Record<string, unknown>;

describe("POST /mcp", () => {
  test("opens a session, lists, calls and closes", async () => {
    const { url } = await startServer();
    const { session_id } = await ask(url, "openenv/session/create", {});
    const { tools } = await ask(url, "tools/list", { session_id });
    expect(tools.map(({ name }: { name: string }) => name)).toContain("get_briefing");
    for (const { description, inputSchema, input_schema } of tools) {
      expect([typeof description, inputSchema.type]).toEqual(["string", "object"]);
      expect(input_schema).toEqual(inputSchema);
    }
    const first = await ask(url, ...call("inspect_logs", { service: "database" }, { session_id }));
    const second = await ask(url, ...call("inspect_logs", { service: "database" }, { session_id }));
    expect(first).toMatchObject({ isError: false, is_error: false, meta: null, data: first.content[0].text });
    expect(second.structuredContent.steps_left).toBe(first.structured_content.steps_left - 1);
    expect(await stateOf(url, session_id)).toMatchObject({ step_count: 2, seed: 0 });
    expect(await ask(url, "openenv/session/close", { session_id })).toEqual({ session_id, closed: true });
    expect(await ask(url, "openenv/session/close", { session_id })).toMatchObject({ code: CODES.params });
    expect(await ask(url, ...call("get_briefing", {}, { session_id }))).toMatchObject({ code: CODES.params });
  });

  test.for([
    ["{", CODES.parse, null],
    ["", CODES.parse, null],
    ["[]", CODES.parse, null],
    ["null", CODES.parse, null],
    ["NaN", CODES.parse, null],
    ["{}", CODES.request, null],
    [{ jsonrpc: "2.0", id: 3, method: "tools/list", params: null }, CODES.request, 3],
    [{ jsonrpc: "2.0", id: 3, method: "tools/list", params: [] }, CODES.request, 3],
    [{ jsonrpc: "2.0", id: 3, method: "tools/list", extra: 1 }, CODES.request, 3],
    [{ jsonrpc: "2.0", id: "é", method: "no/such" }, CODES.method, "é"],
    [{ jsonrpc: "2.0", id: 3, method: "tools/list", params: { session_id: "x" } }, CODES.params, 3],
    [{ jsonrpc: "2.0", id: 3, method: "tools/list", params: { session_id: 4 } }, CODES.params, 3],
    [{ jsonrpc: "2.0", id: 3, method: "tools/call" }, CODES.params, 3],
    [{ jsonrpc: "2.0", id: 3, method: "tools/call", params: { name: 5 } }, CODES.params, 3],
    [{ jsonrpc: "2.0", id: 3, method: "tools/call", params: { name: "get_briefing", arguments: 5 } }, CODES.params, 3],
    [{ jsonrpc: "2.0", id: 3, method: "tools/call", params: { name: "no_such", arguments: {} } }, CODES.internal, 3],
    [{ jsonrpc: "2.0", id: 3, method: "openenv/session/close", params: {} }, CODES.params, 3],
    [{ jsonrpc: "2.0", id: 3, method: "openenv/session/create", params: { seed: "x" } }, CODES.params, 3],
  ] as const)("%j is a 200 with the code %d", async ([body, code, id]) => {
    const { url } = await startServer();
    const { status, reply } = await post(`${url}/mcp`, body);
    expect([status, reply.error.code, reply.id]).toEqual([200, code, id]);
    expect(Object.keys(reply.error)).toEqual(["code", "message", "data"]);
    expect(reply.error.message).toMatch(/^[A-Z].+\.$/s);
  });

  test.for([
    { "content-type": "text/plain" },
    { "content-type": "multipart/form-data; boundary=x" },
    { "content-type": "application/json; charset=latin1" },
    { "content-type": "" },
    { "content-type": "what;;is=this/then" },
    {},
  ])("is answered whatever it is declared as: %j", async (headers) => {
    const { url } = await startServer();
    const { status, reply } = await post(`${url}/mcp`, request("tools/list"), headers);
    expect([status, reply.result.tools.length]).toEqual([200, 9]);
  });

  test("is bounded in size, depth and width", async () => {
    const { url } = await startServer({ bodyBytes: 2000, jsonDepth: 6, jsonKeys: 20, jsonText: 100 });
    expect(await post(`${url}/mcp`, " ".repeat(2001))).toMatchObject({ status: 413, reply: { code: "TOO_LARGE" } });
    const wide = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, 1]));
    for (const params of [{ a: { b: { c: { d: { e: {} } } } } }, wide, { text: "x".repeat(101) }, { n: null }]) {
      const body = JSON.stringify(request("tools/list", params)).replace("null", "1e999"); // beyond all bounds
      expect((await post(`${url}/mcp`, body)).reply.error.code).toBe(CODES.request);
    }
    const deep = JSON.stringify(request("tools/call", { name: "get_briefing", arguments: { a: 0 } }));
    const deepest = deep.replace('"a":0', `"a":${"[".repeat(800)}${"]".repeat(800)}`);
    expect((await post(`${url}/mcp`, deepest)).reply.error.code).toBe(CODES.request);
    const long = await ask(url, ...call("escalate", { reason: "x".repeat(101) }));
    expect(long).toMatchObject({ isError: false });
  });

  test("a call without a session has an episode of its own each time, and takes no slot", async () => {
    const { url } = await startServer({ maxSessions: 1, slotWaitMs: 20 });
    await openSocket(url).then((client) => client.ask(reset()));
    const [one, two] = [
      await ask(url, ...call("inspect_logs", { service: "cache" })),
      await ask(url, ...call("inspect_logs", { service: "cache" })),
    ];
    expect(one).toMatchObject({ isError: false });
    expect(two).toEqual(one);
    expect(await ask(url, ...call("get_briefing"))).toMatchObject({ isError: false, structuredContent: null });
    expect(await ask(url, "openenv/session/create")).toMatchObject({
      code: CODES.full,
      data: { active_sessions: 1, max_sessions: 1 },
    });
  });

  test("a client that leaves while it waits for a slot takes none", async () => {
    const { url } = await startServer({ maxSessions: 1, slotWaitMs: 10_000 });
    const holder = await openSocket(url);
    await holder.ask(reset());
    const leaver = new AbortController();
    const left = fetch(`${url}/mcp`, {
      method: "POST",
      body: JSON.stringify(request("openenv/session/create")),
      signal: leaver.signal,
    }).catch(() => "left");
    const waiting = ask(url, "openenv/session/create");
    leaver.abort();
    expect(await left).toBe("left");
    holder.send({ type: "close" });
    expect(await waiting).toMatchObject({ session_id: expect.any(String) });
  });

  test("a repeated request moves nothing, and a stale one is refused", async () => {
    const { url } = await startServer();
    const { session_id } = await ask(url, "openenv/session/create");
    const meta = (keys: unknown) => ({ session_id, _meta: keys });
    const named = { "oncall-gym/request_id": "r-1", "oncall-gym/expected_step": 0 };
    const restart = {
      jsonrpc: "2.0",
      id: 9,
      method: "tools/call",
      params: { name: "restart_service", arguments: { service: "cache" }, ...meta(named) },
    };
    const first = await post(`${url}/mcp`, restart);
    expect((await post(`${url}/mcp`, restart)).text).toBe(first.text);
    expect(await stateOf(url, session_id)).toMatchObject({ step_count: 1, metrics: { changes: 1 } });
    expect(await ask(url, ...call("check_status", { service: "cache" }, meta(named)))).toMatchObject({
      code: CODES.internal,
      data: { reason: "REQUEST_ID_REUSED" },
    });
    expect(
      await ask(url, ...call("check_status", { service: "cache" }, meta({ "oncall-gym/expected_step": 0 }))),
    ).toMatchObject({
      code: CODES.internal,
      data: { reason: "STEP_CONFLICT", step_count: 1 },
    });
    for (const keys of [{ "oncall-gym/expected_step": "1" }, { "oncall-gym/request_id": 5 }, 5]) {
      expect(await ask(url, ...call("check_status", { service: "cache" }, meta(keys)))).toMatchObject({
        code: CODES.params,
      });
    }
    expect(await stateOf(url, session_id)).toMatchObject({ step_count: 1 });
  });

  test("every method but POST is refused", async () => {
    const { url } = await startServer();
    for (const method of ["GET", "DELETE"]) {
      const response = await fetch(`${url}/mcp`, { method });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    }
    expect((await fetch(`${url}/mcp`, { method: "PUT" })).status).toBe(405);
  });
});

describe("an episode without a reset", () => {
  test("begins as a reset with the server's seed and task", async () => {
    const { url } = await startServer({ defaultSeed: "12", defaultTask: "inc-117" });
    const { session_id } = await ask(url, "openenv/session/create", { session_id: null });
    expect(await stateOf(url, session_id)).toMatchObject({ seed: 12, task_id: "inc-117" });
    const client = await openSocket(url);
    const { observation } = (await client.ask(reset({ seed: 12, task_id: "inc-117" }))).data;
    for (const more of [{ session_id }, {}]) {
      expect((await ask(url, ...call("get_briefing", {}, more))).data).toBe(observation.text);
    }
  });

  test("takes the client's options where they say something", async () => {
    const { url } = await startServer({ defaultSeed: 12, defaultTask: "inc-117" });
    for (const [options, state] of [
      [{ seed: 5 }, { seed: 5, task_id: "inc-117" }],
      [{ difficulty: "hard" }, { seed: 12, difficulty: "hard" }],
      [
        { task_id: "inc-101", episode_id: "mine" },
        { seed: 12, task_id: "inc-101", episode_id: "mine" },
      ],
      [{ options: { seed: 6, split: "dev", index: 1 } }, { seed: 6, split: "dev", index: 1 }],
    ] as const) {
      const { session_id } = await ask(url, "openenv/session/create", options); // oxlint-disable-line no-await-in-loop
      expect(await stateOf(url, session_id)).toMatchObject(state); // oxlint-disable-line no-await-in-loop
    }
  });

  test("that cannot begin says why, and takes no slot", async () => {
    const { url } = await startServer({ maxSessions: 1, slotWaitMs: 20 });
    for (const options of [{ task_id: "inc-17" }, { seed: -1 }, { split: "train", index: 4000 }]) {
      const error = await ask(url, "openenv/session/create", options); // oxlint-disable-line no-await-in-loop
      expect(error).toMatchObject({
        code: CODES.params,
        message: expect.stringMatching(/expected|Did you mean|No task/),
      });
    }
    expect(await ask(url, "openenv/session/create")).toMatchObject({ session_id: expect.any(String) });
  });

  test("is the server's choice alone in production mode", async () => {
    const { url } = await startServer({ mode: "production" });
    for (const options of [{ seed: 1 }, { task_id: "inc-117" }, { options: { seed: 1 } }]) {
      const error = await ask(url, "openenv/session/create", options); // oxlint-disable-line no-await-in-loop
      expect(error).toMatchObject({ code: CODES.params, message: expect.stringMatching(/production mode/) });
    }
    expect(await ask(url, "openenv/session/create", { seed: null })).toMatchObject({ session_id: expect.any(String) });
  });

  test("of an unknown task keeps a server from starting", async () => {
    await expect(startServer({ defaultTask: "inc-17" })).rejects.toThrow(/--default-task: .*Did you mean/);
  });
});

describe("a session of /mcp that a socket goes on with", () => {
  test("is one and the same, and ends with the socket once it was closed", async () => {
    const { url } = await startServer({ maxSessions: 1, slotWaitMs: 5000 });
    const { session_id } = await ask(url, "openenv/session/create", { seed: 3 });
    const socket = await openSocket(url, {}, `/ws?session_id=${session_id}`);
    expect((await socket.ask({ type: "state" })).data).toMatchObject({ seed: 3, step_count: 0 });
    await socket.ask(step("check_status(cache)"));
    await ask(url, ...call("check_status", { service: "database" }, { session_id }));
    expect((await socket.ask({ type: "state" })).data.step_count).toBe(2);
    expect(await ask(url, "openenv/session/close", { session_id })).toEqual({
      session_id,
      closed: false,
      closing: true,
    });
    expect((await socket.ask({ type: "state" })).data.step_count).toBe(2);
    socket.socket.close();
    expect(await ask(url, "openenv/session/create")).toMatchObject({ session_id: expect.any(String) });
    expect(await ask(url, "tools/list", { session_id })).toMatchObject({ code: CODES.params });
  });
});
