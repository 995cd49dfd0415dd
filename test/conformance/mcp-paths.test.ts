import { request as sendHttp } from "node:http";
import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { openEpisode, post, request } from "../env/mcp/fixtures.ts";
import { startServer } from "../env/server/fixtures.ts";

const STREAM = "application/json, text/event-stream";
const json = { "content-type": "application/json" };
const bearer = (token: string) => ({ ...json, accept: "*/*", authorization: `Bearer ${token}` });
const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "x", version: "1" } },
};

describe("one path, two protocols", () => {
  test.for([
    [{ ...json, accept: "*/*" }, {}, -32_600],
    [json, {}, -32_600],
    [{ accept: "application/json" }, {}, -32_600],
    [{ ...json, accept: "*/*" }, initialize, -32_601],
    [{ ...json, accept: STREAM }, {}, -32_601],
    [{ ...json, accept: "Text/Event-Stream" }, initialize, -32_601],
    [{ ...json, "mcp-protocol-version": "2025-06-18" }, initialize, -32_601],
    [{ ...json, "mcp-session-id": "x" }, initialize, -32_601],
    [{ accept: STREAM }, "{", -32_601],
  ] as const)("%j %j on /mcp is a 200 with %d", async ([headers, body, code]) => {
    const { url } = await startServer();
    const { status, reply } = await post(`${url}/mcp`, body, headers);
    expect([status, reply.error.code]).toEqual([200, code]);
    expect(reply.id).toBe(body === initialize ? 1 : null);
  });

  test("an initialize without the header is told which one", async () => {
    const { url } = await startServer();
    const { address } = await openEpisode(url);
    for (const base of [url, address]) {
      const { reply } = await post(`${base}/mcp`, initialize); // oxlint-disable-line no-await-in-loop
      expect(reply.error.message).toContain("Accept: application/json, text/event-stream");
    }
  });

  test("a client of MCP itself is told on /mcp where the agent plane is", async () => {
    const { url } = await startServer();
    const client = new Client({ name: "x", version: "1" });
    const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`));
    await expect(client.connect(transport)).rejects.toThrow("/e/<handle>/mcp");
  });

  test("an episode speaks both", async () => {
    const { url } = await startServer();
    const { address, steps } = await openEpisode(url);
    const dialect = await post(`${address}/mcp`, request("tools/list"));
    expect(dialect.reply.result.tools[0]).toHaveProperty("input_schema");
    const real = await fetch(`${address}/mcp`, {
      method: "POST",
      headers: { ...json, accept: STREAM },
      body: JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/list" }),
    });
    expect([real.status, real.headers.get("content-type"), real.headers.get("mcp-session-id")]).toEqual([
      200,
      "text/event-stream",
      null,
    ]);
    const text = await real.text();
    expect(text).toContain('"inputSchema"');
    expect(text).not.toContain("input_schema");
    expect(await steps()).toBe(0);
  });
});

describe("under /e/<handle>", () => {
  test("health answers for an episode, and for nothing else", async () => {
    const { url } = await startServer();
    const { address, reset } = await openEpisode(url);
    const health = await fetch(`${address}/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: "healthy" }]);
    await reset();
    expect((await fetch(`${address}/health`)).status).toBe(404);
    expect((await fetch(`${url}/e/unknown/health`)).status).toBe(404);
  });

  test("the dialect's session is the handle, takes no options, and is not the agent's to close", async () => {
    const { url } = await startServer();
    const { address, steps } = await openEpisode(url);
    const handle = address.slice(address.lastIndexOf("/") + 1);
    const say = async (method: string, params?: object) =>
      (await post(`${address}/mcp`, request(method, params))).reply;
    expect((await say("openenv/session/create")).result).toEqual({ session_id: handle });
    for (const options of [{ seed: 1 }, { options: { task_id: "inc-101" } }]) {
      expect((await say("openenv/session/create", options)).error.code).toBe(-32_602); // oxlint-disable-line no-await-in-loop
    }
    const given = { name: "check_status", arguments: { service: "cache" } };
    for (const params of [given, { ...given, session_id: handle }, { ...given, session_id: null }]) {
      expect((await say("tools/call", params)).result.isError).toBe(false); // oxlint-disable-line no-await-in-loop
    }
    expect((await say("tools/call", { ...given, session_id: "other" })).error.code).toBe(-32_602);
    expect((await say("openenv/session/close", { session_id: handle })).error.code).toBe(-32_600);
    expect(await steps()).toBe(3);
  });

  test("an unknown handle and that of an episode before a reset get the same answer", async () => {
    const { url } = await startServer();
    const { address, reset } = await openEpisode(url);
    await reset({ seed: 8 });
    for (const accept of ["*/*", STREAM]) {
      // oxlint-disable no-await-in-loop
      const answers = await Promise.all(
        [address, `${url}/e/${"y".repeat(22)}`].map((base) =>
          post(`${base}/mcp`, { jsonrpc: "2.0", id: 5, method: "tools/list" }, { ...json, accept }),
        ),
      );
      // oxlint-enable no-await-in-loop
      expect(answers[0]?.text).toBe(answers[1]?.text);
      expect(answers[0]).toMatchObject({ status: 200, reply: { id: 5, error: { code: -32_602, data: null } } });
    }
  });

  test("which name the server is called by does not matter to the protocol", async () => {
    const { url } = await startServer();
    const { address } = await openEpisode(url);
    const answer = await new Promise<IncomingMessage>((resolve) => {
      const headers = { ...json, accept: STREAM, host: "localhost:99999" };
      sendHttp(`${address}/mcp`, { method: "POST", headers }, resolve).end(JSON.stringify(request("tools/list")));
    });
    expect([answer.statusCode, answer.headers["content-type"]]).toEqual([200, "text/event-stream"]);
    answer.destroy();
  });

  test("what is no request is refused in the protocol's own words", async () => {
    const { url } = await startServer({ jsonDepth: 8 });
    const { address, steps } = await openEpisode(url);
    let deep: object = {};
    for (let i = 0; i < 9; i += 1) deep = { deep };
    for (const [body, status, code] of [
      ["{", 400, -32_700],
      ["3", 400, -32_700],
      [
        { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "check_status", arguments: deep } },
        400,
        -32_600,
      ],
    ] as const) {
      const answer = await post(`${address}/mcp`, body, { ...json, accept: STREAM }); // oxlint-disable-line no-await-in-loop
      expect([answer.status, answer.reply.error.code]).toEqual([status, code]);
    }
    for (const method of ["GET", "DELETE"]) {
      const response = await fetch(`${address}/mcp`, { method, headers: { accept: STREAM } }); // oxlint-disable-line no-await-in-loop
      expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    }
    expect(await steps()).toBe(0);
  });

  test("the agents' own listener serves episodes, and no control plane", async () => {
    const { url, agentUrl } = await startServer({ agentPort: 0 });
    const { address } = await openEpisode(url);
    const list = request("tools/list");
    const there = address.replace(url, agentUrl ?? "");
    expect((await post(`${there}/mcp`, list)).reply.result.tools).toHaveLength(9);
    expect((await post(`${agentUrl}/mcp`, list)).status).toBe(404);
  });

  test("an agent's token opens an episode and nothing else", async () => {
    const control = "control-token-0123456789";
    const agent = "agent-token-0123456789";
    const { url } = await startServer({ controlToken: control, agentToken: agent });
    const reset = await fetch(`${url}/reset`, {
      method: "POST",
      headers: { ...bearer(control), "x-session-id": "new" },
      body: '{"seed":7}',
    });
    const id = reset.headers.get("x-session-id") ?? "";
    const session = await fetch(`${url}/session`, { headers: { ...bearer(control), "x-session-id": id } });
    const { agent_path } = (await session.json()) as { agent_path: string };
    const list = request("tools/list");
    expect((await post(`${url}${agent_path}/mcp`, list, bearer(agent))).reply.result.tools).toHaveLength(9);
    expect((await post(`${url}${agent_path}/mcp`, list)).status).toBe(401);
    expect((await post(`${url}/mcp`, list, bearer(agent))).status).toBe(403);
  });
});
