import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tools } from "../../env/mcp/tools.ts";
import { openSocket, startServer } from "../env/server/fixtures.ts";
import type { Reply } from "../env/server/fixtures.ts";
import { post } from "../env/mcp/fixtures.ts";

/** One event of a recording: what an unmodified `MCPToolClient` of June 2026 put on the wire. */
interface Event {
  readonly kind: "open" | "http" | "ws" | "end";
  readonly line?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly op?: "text" | "close";
  readonly data?: string | number;
}

const recording = (name: string): Event[] =>
  readFileSync(join(import.meta.dirname, "recordings", `${name}.jsonl`), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Event);

const names = tools.map(({ name }) => name);
const named = (listed: readonly { readonly name: string }[]) => listed.map(({ name }) => name);

/** The recorded client spoke to a toy, whose tool we lack; then again as if the toy had had one of ours. */
const verbatim = {
  adapt: (text: string) => text,
  observation: { tool_name: "query_logs", result: null, error: { error_type: "tool_not_found" } },
  reply: { code: -32_603, message: expect.stringMatching(/^Unknown tool "query_logs"/), data: null },
};
const adapted = {
  adapt: (text: string) => text.replace("query_logs", "inspect_logs").replace(/"q": ?"oom"/, '"service":"database"'),
  observation: {
    tool_name: "inspect_logs",
    error: null,
    result: { data: expect.stringMatching(/inspect_logs\(database\)/), is_error: false },
  },
  reply: { data: expect.stringMatching(/inspect_logs\(database\)/), isError: false },
};

describe.for([
  ["verbatim", verbatim],
  ["with a tool of ours", adapted],
] as const)("MCPToolClient, recorded, %s", ([, { adapt, observation, reply: called }]) => {
  test("by steps: lists before a reset, resets, calls, and names a tool that is not there", async () => {
    const { url } = await startServer();
    const events = recording("mcp-tool-client-step");
    const { "user-agent": agent = "" } = events.find(({ kind }) => kind === "http")?.headers ?? {};
    const client = await openSocket(url, { perMessageDeflate: true, headers: { "user-agent": agent } });
    const replies: Reply[] = [];
    for (const { op, data } of events) {
      if (op !== "text" || typeof data !== "string") continue;
      const frame = adapt(data);
      if (frame === '{"type": "close"}') client.send(frame);
      else replies.push(await client.ask(frame)); // oxlint-disable-line no-await-in-loop
    }
    expect(await client.closed).toBe(1000);
    const [listed, first, known, unknown] = replies;
    for (const { type, data } of replies) {
      expect(type).toBe("observation");
      expect(Object.keys(data).toSorted()).toEqual(["done", "metadata", "observation", "reward"]);
    }
    expect(named(listed.data.observation.tools)).toEqual(names);
    expect(listed.data).toMatchObject({ reward: null, done: false });
    expect(first.data.metadata.info).toMatchObject({ seed: 5 });
    expect(known.data.observation).toMatchObject(observation);
    expect(unknown.data.observation).toMatchObject({ result: null, error: { error_type: "tool_not_found" } });
    expect([known.data.reward, unknown.data.reward].every(Number.isFinite)).toBe(true);
  });

  test("over HTTP: opens a session, lists, calls, names a tool that is not there, and closes", async () => {
    const { url } = await startServer();
    const socket = await openSocket(url); // it connects here first, and says nothing
    const replies: Reply[] = [];
    let id = "";
    for (const { line, headers = {}, body = "" } of recording("mcp-tool-client-http")) {
      if (line !== "POST /mcp HTTP/1.1") continue;
      const { connection: _connection, ...sent } = headers;
      // oxlint-disable-next-line no-await-in-loop
      const { status, reply } = await post(`${url}/mcp`, adapt(body.replace("<session_id>", id)), sent);
      expect(status).toBe(200);
      expect(reply).toMatchObject({ jsonrpc: "2.0", id: replies.length + 1 });
      id ||= reply.result.session_id;
      replies.push(reply.result ?? reply.error);
    }
    const [created, listed, known, unknown, closed] = replies;
    expect(created).toEqual({ session_id: id });
    expect(named(listed.tools)).toEqual(names);
    expect(known).toMatchObject(called);
    expect(unknown).toMatchObject({ code: -32_603, message: expect.stringMatching(/^Unknown tool "no_such_tool"/) });
    expect(closed).toEqual({ session_id: id, closed: true });
    socket.send('{"type": "close"}');
    expect(await socket.closed).toBe(1000);
  });
});
