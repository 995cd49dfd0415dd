import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openSocket, startServer } from "../env/server/fixtures.ts";
import type { Reply } from "../env/server/fixtures.ts";

/** One event of a recording: what an unmodified OpenEnv client of June 2026 put on the wire. */
interface Event {
  readonly kind: "open" | "http" | "ws" | "end";
  readonly headers?: Readonly<Record<string, string>>;
  readonly op?: "text" | "close";
  readonly data?: string | number;
}

const recording = (name: string): Event[] =>
  readFileSync(join(import.meta.dirname, "recordings", `${name}.jsonl`), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Event);

/** Sends a recording's frames, each after the reply to the one before; returns the replies and the close code. */
async function replay(events: readonly Event[]): Promise<{ replies: Reply[]; code: number }> {
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
