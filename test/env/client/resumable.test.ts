import { describe, expect, test } from "vitest";
import type { EnvClient } from "../../../env/client/client.ts";
import { localClient } from "../../../env/client/local.ts";
import { connectSocket } from "../../../env/client/socket.ts";
import { sampleAction } from "../../../env/contract/sample.ts";
import { rngFor, wholeNumber } from "../../../env/core/rng.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { startServer } from "../server/fixtures.ts";
import { cuttingProxy } from "./cutting-proxy.ts";

/** A whole episode, one line of JSON per turn. */
async function play(client: EnvClient, seed: number): Promise<string[]> {
  const rng = rngFor(seed, "resumable", 0);
  const lines = [JSON.stringify(await client.reset({ seed, options: { split: "all" } }))];
  for (;;) {
    const turn = await client.step(sampleAction(rng)); // oxlint-disable-line no-await-in-loop
    lines.push(JSON.stringify([turn.observation, turn.reward, turn.terminated, turn.truncated, turn.info]));
    if (turn.terminated || turn.truncated) break;
  }
  lines.push(JSON.stringify(await client.state()));
  return lines;
}

/** A client whose first exchange may be cut before there is anything to resume. */
async function connectThrough(url: string): Promise<EnvClient> {
  for (;;) {
    try {
      return await connectSocket(url, { resumable: true }); // oxlint-disable-line no-await-in-loop
    } catch {
      continue;
    }
  }
}

describe("a resumable client", () => {
  test("ends every episode as if its connection had never been cut", async () => {
    const { url } = await startServer();
    let connections = 0;
    const proxy = await cuttingProxy(url, () => {
      connections += 1;
      return wholeNumber(rngFor(connections, "cut", 0), 200, 24_000);
    });
    const played = await Promise.all(
      Array.from({ length: 40 }, async (_, seed) => {
        const client = await connectThrough(proxy.url);
        const lines = await play(client, seed);
        await client.close();
        return lines;
      }),
    );
    for (const [seed, lines] of played.entries()) {
      expect(lines).toEqual(await play(localClient(coreSuite), seed)); // oxlint-disable-line no-await-in-loop
    }
    expect(proxy.cuts()).toBeGreaterThan(20);
  });

  test("gives up on a reply that no connection holds for", async () => {
    const { url } = await startServer();
    let connections = 0;
    const proxy = await cuttingProxy(url, () => ((connections += 1) === 1 ? Infinity : 1200));
    const client = await connectSocket(proxy.url, { resumable: true });
    await client.reset({ seed: 1 });
    proxy.cutAll();
    await expect(client.step("inspect_metrics(database)")).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    expect(connections).toBe(50);
  });

  test("answers calls made at once in order, across cuts", async () => {
    const { url } = await startServer();
    let connections = 0;
    const proxy = await cuttingProxy(url, () => ((connections += 1) === 1 ? 4000 : Infinity));
    const client = await connectSocket(proxy.url, { resumable: true });
    const [, first, refused, second, state] = await Promise.allSettled([
      client.reset({ seed: 1 }),
      client.step("inspect_metrics(database)"),
      client.reset({ seed: -1 }),
      client.step("check_status(cache)"),
      client.state(),
    ]);
    expect([first.status, refused.status, second.status]).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(state).toMatchObject({ value: { step_count: 2 } });
    expect(proxy.cuts()).toBe(1);
  });

  test("gives up when the server has given the session up", async () => {
    const { url } = await startServer({ detachedMs: 50 });
    let connections = 0;
    const proxy = await cuttingProxy(url, () => ((connections += 1) === 1 ? 2000 : connections < 8 ? 1 : Infinity));
    const client = await connectSocket(proxy.url, { resumable: true });
    await expect(client.reset({ seed: 1 }).then(() => client.step("check_status(cache)"))).rejects.toMatchObject({
      name: "ClientError",
    });
    await expect(client.state()).rejects.toMatchObject({ name: "ClientError" });
    await client.close();
  });

  test("leaves nothing behind when it is closed, however it stood", async () => {
    const { url } = await startServer({ maxSessions: 1, slotWaitMs: 2000 });
    for (let i = 0; i < 3; i += 1) {
      const client = await connectSocket(url, { resumable: true }); // oxlint-disable-line no-await-in-loop
      await client.reset({ seed: i }); // oxlint-disable-line no-await-in-loop
      await client.close(); // oxlint-disable-line no-await-in-loop
      await expect(client.state()).rejects.toMatchObject({ code: "CLOSED" }); // oxlint-disable-line no-await-in-loop
    }
  });

  test("does not try for ever to reach a server that is gone", async () => {
    const server = await startServer({ detachedMs: 300 });
    const client = await connectSocket(server.url, { resumable: true });
    await client.reset({ seed: 1 });
    await server.close();
    await expect(client.state()).rejects.toMatchObject({ code: "CONNECT_FAILED" });
  });
});
