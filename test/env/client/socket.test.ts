import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { localClient } from "../../../env/client/local.ts";
import { connectSocket } from "../../../env/client/socket.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { startServer } from "../server/fixtures.ts";

/** A server of another kind that answers every message in the same way. */
async function oddServer(answer: string | null): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  server.on("connection", (socket) => socket.on("message", () => answer !== null && socket.send(answer)));
  await new Promise((resolve) => server.once("listening", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("a client over a socket", () => {
  test("takes the address with and without its path, and calls made at once are answered in order", async () => {
    const { url } = await startServer();
    for (const address of [url, `${url}/`, `${url}/ws`, url.replace("http", "ws")]) {
      const client = await connectSocket(address); // oxlint-disable-line no-await-in-loop
      // oxlint-disable-next-line no-await-in-loop
      const [first, refused, turn, state] = await Promise.allSettled([
        client.reset({ seed: 4, options: { episode_id: "e" } }),
        client.reset({ seed: -4 }),
        client.step("check_status(cache)"),
        client.state(),
      ]);
      expect([first.status, refused.status, turn.status]).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect(state).toMatchObject({ value: { episode_id: "e", step_count: 1 } });
      await client.close(); // oxlint-disable-line no-await-in-loop
    }
  });

  test("says that the server is full", async () => {
    const { url } = await startServer({ maxSessions: 1, slotWaitMs: 20 });
    const holder = await connectSocket(url);
    await holder.reset();
    const late = await connectSocket(url);
    await expect(late.reset()).rejects.toMatchObject({ name: "ClientError", code: "CAPACITY_REACHED" });
    await expect(late.state()).rejects.toMatchObject({ code: "CAPACITY_REACHED" });
    await late.close();
    await holder.close();
    await expect((await connectSocket(url)).reset()).resolves.toBeDefined();
  });

  test("sends its token", async () => {
    const token = "a-token-of-sixteen-characters";
    const { url } = await startServer({ controlToken: token });
    await expect(connectSocket(url)).rejects.toMatchObject({
      code: "CONNECT_FAILED",
      message: expect.stringContaining("401"),
    });
    await expect((await connectSocket(url, { token })).state()).resolves.toEqual({ episode_id: null, step_count: 0 });
  });

  test("says when the server goes away, to calls under way and to later ones", async () => {
    const server = await startServer();
    const client = await connectSocket(server.url);
    await client.reset();
    await server.close();
    await expect(client.state()).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      message: expect.stringContaining("1012"),
    });
    await expect(connectSocket(server.url)).rejects.toMatchObject({ code: "CONNECT_FAILED" });
  });

  test("gives up when no reply comes, and when what comes is none", async () => {
    const mute = await connectSocket(await oddServer(null), { replyMs: 50 });
    await expect(Promise.all([mute.state(), mute.state()])).rejects.toMatchObject({ code: "TIMED_OUT" });
    await expect(mute.state()).rejects.toMatchObject({ code: "TIMED_OUT" });
    for (const nonsense of ["hello", "5", "null", "{}"]) {
      const client = await connectSocket(await oddServer(nonsense)); // oxlint-disable-line no-await-in-loop
      // oxlint-disable-next-line no-await-in-loop
      await expect(client.state()).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    }
  });

  test("gives up when the handshake is never answered", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    await expect(connectSocket(url, { connectMs: 50 })).rejects.toMatchObject({ code: "TIMED_OUT" });
    silent.close();
  });
});

describe("a client in process", () => {
  test("can end an episode from the control plane, which the socket protocol has no word for", async () => {
    const client = localClient(coreSuite);
    await client.reset({ seed: 1 });
    const turn = await client.truncate?.("agent_quit");
    expect(turn).toMatchObject({ terminated: false, truncated: true, info: { episode: { ended: "agent_quit" } } });
    const { url } = await startServer();
    expect(await connectSocket(url)).not.toHaveProperty("truncate");
  });
});
