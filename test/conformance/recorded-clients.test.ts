import { describe, expect, test } from "vitest";
import { call, openSocket, startServer } from "../env/server/fixtures.ts";
import type { HttpReply, Reply } from "../env/server/fixtures.ts";
import { recording } from "./recording.ts";
import type { RecordedEvent } from "./recording.ts";

/** Sends the frames of every connection of a recording, all connections at once. */
const replayAll = (events: readonly RecordedEvent[]) =>
  Promise.all(
    [...new Set(events.map(({ conn }) => conn))].map((conn) => replay(events.filter((event) => event.conn === conn))),
  );

/** Sends a recording's frames, each after the reply to the one before; returns the replies and the close code. */
async function replay(events: readonly RecordedEvent[]): Promise<{ replies: Reply[]; code: number }> {
  const { url } = await startServer();
  const { "user-agent": agent = "" } = events.find(({ kind }) => kind === "http")?.headers ?? {};
  const client = await openSocket(url, { perMessageDeflate: true, headers: { "user-agent": agent } });
  const replies: Reply[] = [];
  for (const { op, data } of events) {
    if (op !== "text" || typeof data !== "string") continue;
    if (data === '{"type": "close"}') client.send(data);
    else replies.push(await client.ask(data)); // oxlint-disable-line no-await-in-loop
  }
  return { replies, code: await client.closed };
}

describe("GenericEnvClient, recorded", () => {
  test("resets, steps, asks for its state, resets again and closes", async () => {
    const { replies, code } = await replay(recording("generic-sync"));
    expect(replies.map(({ type }) => type)).toEqual([
      "observation",
      "observation",
      "observation",
      "state",
      "observation",
      "observation",
    ]);
    const [first, logs, change, state, second, closing] = replies;

    // What the client's parser takes: observation, reward and done, all of them there.
    for (const { data } of replies.filter(({ type }) => type === "observation")) {
      expect(Object.keys(data)).toEqual(["observation", "reward", "done", "metadata"]);
    }
    expect(first.data).toMatchObject({
      reward: null,
      done: false,
      metadata: { info: { seed: 7, task_id: "inc-117" } },
    });
    expect(logs.data.observation.result.data).toMatchObject({ kind: "logs", service: "database" });
    expect(change.data.observation).toMatchObject({
      last_action: "update_config(cache, ttl_s, 300)",
      result: { status: "ok" },
    });
    expect(state.data).toMatchObject({ episode_id: "rec-1", step_count: 2, task_id: "inc-117" });
    expect(second.data).toMatchObject({ reward: null, done: false, metadata: { info: { seed: 8 } } });
    expect(closing.data).toMatchObject({
      done: true,
      metadata: { terminated: true, info: { episode: { ended: "escalated" } } },
    });
    expect(code).toBe(1000);
  });

  test("gets the same bytes every time", async () => {
    const events = recording("generic-sync");
    expect(JSON.stringify(await replay(events))).toBe(JSON.stringify(await replay(events)));
  });
});

describe("GenericEnvClient, three at once, recorded", () => {
  test("each has an episode of its own, chosen by its seed", async () => {
    const played = await replayAll(recording("generic-async"));
    expect(played.map(({ code }) => code)).toEqual([1000, 1000, 1000]);
    for (const [seed, { replies }] of played.entries()) {
      const [first, look, state] = replies;
      expect(first.data.metadata.info).toMatchObject({ seed, ignored_options: [] });
      expect(look.data.observation.last_action).toBe("check_status(cache)");
      expect(state.data).toMatchObject({ seed, step_count: 1 });
    }
  });
});

describe("a typed EnvClient, recorded", () => {
  test("its null seed is none, and the metadata of its action means nothing", async () => {
    const [{ replies, code } = { replies: [], code: 0 }] = await replayAll(recording("typed-client"));
    const [first, look, state] = replies;
    expect(first.data.metadata.info.seed_base).toEqual(expect.any(Number));
    expect(look.data.observation).toMatchObject({
      last_action: "inspect_metrics(web_server)",
      result: { status: "ok", data: { kind: "metrics", service: "web_server" } },
    });
    expect([state.data.step_count, state.data.metrics.invalid_actions, code]).toEqual([1, 0, 1000]);
  });
});

describe.for(["simulation", "production"] as const)("openenv validate --url, recorded, in %s mode", (mode) => {
  /** Sends the requests of the recording; replies by path. */
  async function validated(): Promise<Map<string, HttpReply>> {
    const { url } = await startServer({ mode });
    const replies = new Map<string, HttpReply>();
    for (const { line, headers, body } of recording("validate-url")) {
      if (line === undefined) continue;
      const [method = "", path = ""] = line.split(" ");
      const { connection: _hop, ...sent } = headers ?? {};
      replies.set(path, await call(url + path, method, body === "" ? undefined : body, sent)); // oxlint-disable-line no-await-in-loop
    }
    return replies;
  }

  test("finds what it looks for", async () => {
    const replies = await validated();
    expect([...replies.values()].map(({ status }) => status)).toEqual(Array(replies.size).fill(200));
    const bodyOf = (path: string): Reply => replies.get(path)?.body;
    expect(bodyOf("/openapi.json").info.version).toMatch(/^1\./);
    expect(bodyOf("/health")).toEqual({ status: "healthy" });
    expect(bodyOf("/metadata")).toMatchObject({ name: expect.any(String), description: expect.any(String) });
    for (const part of ["action", "observation", "state"]) expect(typeof bodyOf("/schema")[part]).toBe("object");
    expect(bodyOf("/mcp")).toMatchObject({ jsonrpc: "2.0", error: { code: -32_600 } });
    const paths = Object.keys(bodyOf("/openapi.json").paths);
    for (const path of ["/reset", "/step", "/state"]) expect(paths.includes(path)).toBe(mode === "simulation");
  });
});
