import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { InMemoryTransport } from "@modelcontextprotocol/client";
import { describe, expect, onTestFinished, test } from "vitest";
import { openBridge } from "../../../env/mcp/bridge.ts";
import { connectClient } from "../../conformance/mcp-clients.ts";
import type { McpClient } from "../../conformance/mcp-clients.ts";
import { startServer } from "../server/fixtures.ts";
import { openEpisode } from "./fixtures.ts";

const main = join(import.meta.dirname, "../../../eval/cli/main.ts");

/** The program with these arguments; what it said once it ended. */
async function run(args: readonly string[], input = "") {
  const child = spawn(process.execPath, ["--import", "tsx", main, "mcp", ...args], {
    env: { PATH: process.env.PATH },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => (stdout += String(data)));
  child.stderr.on("data", (data) => (stderr += String(data)));
  child.stdin.write(input);
  if (input === "") child.stdin.end();
  else child.stdout.once("data", () => child.stdin.end());
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
}

/** A worse way to the server. Calls are counted from 0. */
async function through(
  url: string,
  { delayMs = () => 0, loses = () => false }: { delayMs?: (call: number) => number; loses?: (call: number) => boolean },
): Promise<string> {
  let calls = 0;
  const proxy = createServer(async (request, response) => {
    const body = await text(request);
    const isCall = request.method === "POST";
    const call = calls;
    if (isCall) calls += 1;
    if (isCall) await setTimeout(delayMs(call));
    const reply = await fetch(url + request.url, isCall ? { method: "POST", body } : {});
    const said = await reply.text();
    if (isCall && loses(call)) request.socket.destroy();
    else response.writeHead(reply.status, { "content-type": "application/json" }).end(said);
  });
  onTestFinished(() => void proxy.close());
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

/** A client of the tools behind a bridge in this process. */
async function bridged(address: string): Promise<McpClient> {
  const bridge = await openBridge(address);
  if (!bridge.ok) throw new Error(bridge.reason);
  const [near, far] = InMemoryTransport.createLinkedPair();
  bridge.serve(far);
  return connectClient(near, { mode: "legacy" });
}

const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "x", version: "1" } },
};

describe("a bridge", () => {
  test.for([
    ["nonsense", /http:\/\/host:port\/e\/<handle>/],
    ["http://127.0.0.1:8000", /e\/<handle>/],
    ["http://127.0.0.1:8000/e/", /e\/<handle>/],
    ["ws://127.0.0.1:8000/e/x", /http:/],
    ["http://127.0.0.1:1/e/x", /^Could not reach http:\/\/127\.0\.0\.1:1\/e\/x: /],
  ] as const)("to %s does not come about, and says why", async ([address, reason]) => {
    const bridge = await openBridge(address);
    expect(bridge).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  test("comes about with and without /mcp, behind a path, and with the agent's token where one is wanted", async () => {
    const token = "agent-token-0123456789";
    const { url } = await startServer();
    const guarded = await startServer({ controlToken: "control-token-0123456789", agentToken: token });
    const { address } = await openEpisode(url);
    const ok = { ok: true, serve: expect.any(Function) };
    for (const way of [address, `${address}/`, `${address}/mcp`]) {
      expect(await openBridge(way)).toEqual(ok); // oxlint-disable-line no-await-in-loop
    }
    const reasons = [await openBridge(`${guarded.url}/e/x`), await openBridge(`${guarded.url}/e/x`, { token })];
    expect(reasons).toEqual([
      { ok: false, reason: expect.stringContaining("Expected a token") },
      { ok: false, reason: expect.not.stringContaining("token") },
    ]);
  });

  test("carries out calls that come together one by one, in order", async () => {
    const { url } = await startServer();
    const { address, steps } = await openEpisode(url);
    const client = await bridged(address.replace(url, await through(url, { delayMs: (n) => 80 - 20 * n })));
    const services = ["cache", "database", "web_server", "message_queue", "load_balancer"];
    const results = await Promise.all(services.map((service) => client.call("check_status", { service })));
    const left = results.map(({ data }) => data?.steps_left as number);
    expect(left).toEqual(left.toSorted((a, b) => b - a));
    expect(await steps()).toBe(5);
  });

  test("sends a call again whose reply was lost, and it is carried out once", async () => {
    const { url } = await startServer();
    const { address, control } = await openEpisode(url);
    const client = await bridged(address.replace(url, await through(url, { loses: (n) => n === 0 })));
    expect(await client.call("restart_service", { service: "cache" })).toMatchObject({
      isError: false,
      data: { last_action: "restart_service(cache)" },
    });
    expect((await control.ask({ type: "state" })).data).toMatchObject({ step_count: 1, metrics: { changes: 1 } });
  });

  test("says so when the server does not answer, and goes on", async () => {
    const { url } = await startServer();
    const { address, steps } = await openEpisode(url);
    const client = await bridged(address.replace(url, await through(url, { loses: () => true })));
    await expect(client.call("check_status", { service: "cache" })).rejects.toThrow(
      "The episode's server did not answer",
    );
    await expect(client.call("no_such_tool")).rejects.toThrow("Unknown tool");
    expect(await steps()).toBe(1);
  });
});

describe("oncall mcp", () => {
  test("says the protocol and nothing else on stdout, and ends with stdin", async () => {
    const { address } = await openEpisode((await startServer()).url);
    const { code, stdout, stderr } = await run(["--connect", `${address}/mcp`], `${JSON.stringify(initialize)}\n`);
    expect([code, stderr]).toEqual([0, ""]);
    const lines = stdout.trim().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { id: number }).id)).toEqual([1]);
  });

  test.for([
    [[], /--connect/],
    [["--seed", "1"], /unknown option '--seed'/],
  ] as const)("%j does not start, and says why on stderr", async ([args, reason]) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(reason);
    expect(stderr).not.toContain("    at ");
  });
});
