import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { localClient } from "../../../env/client/local.ts";
import { connectSocket } from "../../../env/client/socket.ts";
import { observationText } from "../../../env/contract/text.ts";
import { openEpisodePlane } from "../../../env/server/episode-plane/plane.ts";
import type { EpisodePlane } from "../../../env/server/episode-plane/plane.ts";
import type { FollowedEpisode } from "../../../env/server/episode-plane/followed-episode.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { SEED, TASK } from "./fixtures.ts";

let plane: EpisodePlane;
let episode: FollowedEpisode;
let base: string;
beforeAll(async () => {
  plane = await openEpisodePlane(coreSuite);
});
afterAll(() => plane.close());

async function begun(): Promise<void> {
  episode = await plane.open();
  episode.reset({ seed: SEED, options: { task_id: TASK } });
  base = plane.addressOf(episode);
}
const sockets: WebSocket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
  episode.close();
});

/** Sends frames one after another; their replies. */
async function exchange(...frames: readonly unknown[]): Promise<Record<string, never>[]> {
  const socket = new WebSocket(`${base.replace("http", "ws")}/ws`);
  sockets.push(socket);
  const replies: Record<string, never>[] = [];
  await new Promise<void>((resolve, reject) => {
    socket.on("open", () => {
      for (const frame of frames) socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
    });
    socket.on("message", (data: Buffer) => {
      replies.push(JSON.parse(data.toString()) as Record<string, never>);
      if (replies.length === frames.length) resolve();
    });
    socket.on("close", () => resolve());
    socket.on("error", reject);
  });
  return replies;
}

const post = async (path: string, body: unknown) => {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${base}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
};

/** Follows like a runner, to the end. */
async function follow(): Promise<unknown[]> {
  const actions: unknown[] = [];
  for (;;) {
    actions.push((await episode.next(new AbortController().signal)).action);
    const { terminated, truncated } = episode.step();
    if (terminated || truncated) return actions;
  }
}

describe("the agent plane of one episode", () => {
  test("gives the page to the first reset whatever it asks for, and refuses a second", async () => {
    await begun();
    const page = await localClient(coreSuite).reset({ seed: SEED, options: { task_id: TASK } });
    const [first, second] = await exchange(
      { type: "reset", data: { seed: 99, task_id: "inc-101", difficulty: "hard" } },
      { type: "reset" },
    );
    const metadata = { terminated: false, truncated: false, info: {} };
    const seen = { ...page.observation, metadata };
    expect(first).toEqual({ type: "observation", data: { observation: seen, reward: null, done: false, metadata } });
    expect(second).toMatchObject({ type: "error", data: { code: "EXECUTION_ERROR", reason: "BAD_OPTION" } });
  });

  test.for([["state"], ["session"]])("refuses %s, and goes on", async ([type]) => {
    await begun();
    const replies = await exchange({ type: "reset" }, { type }, { type: "step", data: "inspect_logs(cache)" });
    expect(replies[1]).toMatchObject({ type: "error", data: { code: "EXECUTION_ERROR" } });
    expect(replies[2]).toMatchObject({ type: "observation", data: { reward: null, done: false } });
  });

  test("is what a stock client takes it for, until the end and after it", async () => {
    await begun();
    const client = await connectSocket(base);
    const followed = follow();
    await client.reset({ seed: 1 });
    const { observation } = await client.step("inspect_logs(cache)");
    expect(observation.text).toBe(observationText(observation));
    await client.step({ type: "resolve_incident", service: "none", fault: "no_fault" });
    expect(await followed).toEqual([
      "inspect_logs(cache)",
      { type: "resolve_incident", service: "none", fault: "no_fault" },
    ]);
    await expect(client.step("inspect_logs(cache)")).rejects.toMatchObject({ code: "EPISODE_DONE" });
    await client.close();
  });

  test("takes a burst of frames in order, each after the one before was noted", async () => {
    await begun();
    const followed = follow();
    const frames = Array.from({ length: 30 }, () => ({ type: "step", data: "check_status(cache)" }));
    const replies = await exchange(...frames);
    const actions = await followed;
    expect(replies.filter(({ type }) => type === ("observation" as never))).toHaveLength(actions.length);
    expect(replies.at(-1)).toMatchObject({ data: { reason: "EPISODE_DONE" } });
  });

  test("answers over HTTP too", async () => {
    await begun();
    const followed = follow();
    expect((await post("/reset", { seed: 5 })).body).toMatchObject({ reward: null, done: false });
    expect(await post("/reset", {})).toMatchObject({ status: 422 });
    expect((await post("/step", { action: "inspect_logs(cache)" })).body).toMatchObject({ reward: null, done: false });
    expect((await post("/step", { action: "inspect_logs(" })).body).toMatchObject({
      observation: { result: { status: "invalid" } },
    });
    expect(await post("/step", {})).toMatchObject({ status: 422 });
    expect((await post("/step", { action: "escalate(nobody)" })).body).toMatchObject({ reward: null, done: true });
    expect(await post("/step", { action: "inspect_logs(cache)" })).toMatchObject({ status: 409 });
    expect(await followed).toEqual(["inspect_logs(cache)", "inspect_logs(", "escalate(nobody)"]);
  });

  test("tells neither task, seed, difficulty, reward, score nor verdict, whatever is asked, up to the end", async () => {
    await begun();
    const followed = follow();
    const replies: unknown[] = await exchange(
      { type: "reset" },
      { type: "state" },
      { type: "session" },
      { type: "step", data: "inspect_metrics(cache)" },
      { type: "step", data: { type: "list_tools" } },
      { type: "step", data: { type: "call_tool", tool_name: "inspect_logs", arguments: { service: "cache" } } },
      { type: "mcp", data: { jsonrpc: "2.0", id: 1, method: "tools/list" } },
      { type: "mcp", data: { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "get_briefing" } } },
      { type: "resume", data: { token: "x" } },
      { type: "step", data: null },
      "not json",
      { type: "step", data: "resolve_incident(cache, ttl)" },
      { type: "state" },
    );
    await followed;
    for (const path of ["/reset", "/step", "/state", "/mcp", "/health", ""]) {
      replies.push(
        (await fetch(`${base}${path}`)).status,
        await post(path, { action: "x", session_id: episode.live.id }),
      );
    }
    const told = JSON.stringify(replies);
    expect(told.length).toBeGreaterThan(5000);
    expect(told).not.toMatch(/inc-\d{3}|"seed"|"difficulty"|"score"|"success"|"verdict"|"points"|"reward":[^n]/);
    expect(told).not.toContain(episode.live.id);
  });

  test("plays what no JSON can carry as an invalid action that a replay can repeat", async () => {
    await begun();
    const deep = `${"[".repeat(26)}${"]".repeat(26)}`;
    const played = exchange(
      '{"type":"step","data":{"type":"update_config","service":"cache","key":"ttl_s","value":1e999}}',
      '{"type":"step","data":"escalate(\\ud800)"}',
      `{"type":"step","data":${deep}}`,
    );
    for (let i = 0; i < 3; i += 1) {
      expect(await episode.next(new AbortController().signal)).toEqual({ action: "" });
      expect(episode.step().observation.result.status).toBe("invalid");
    }
    expect(await played).toHaveLength(3);
  });

  test("of an unknown or a closed episode is not there", async () => {
    await begun();
    episode.close();
    expect((await post("/step", { action: "inspect_logs(cache)" })).status).toBe(404);
    expect(await exchange({ type: "reset" })).toEqual([]);
    base = base.replace(/[^/]+$/, "n0thing");
    expect((await post("/reset", {})).status).toBe(404);
  });
});
