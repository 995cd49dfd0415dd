import { describe, expect, test } from "vitest";
import { readConfig } from "../../../env/server/config.ts";
import { serve } from "../../../env/server/server.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { openSocket, reset, startServer, step } from "./fixtures.ts";

const state = { type: "state" };

describe("a connection", () => {
  test("without reset or step for too long is closed with 4408, however often it asks for its state", async () => {
    const { url } = await startServer({ sessionIdleS: 1, pingMs: 20 });
    const client = await openSocket(url);
    await client.ask(reset());
    const asking = setInterval(() => client.send(state), 50);
    expect(await client.closed).toBe(4408);
    clearInterval(asking);
  });

  test("that is silent for very long is ended", async () => {
    const { url } = await startServer({
      maxSessions: 1,
      silentMs: 200,
      unresponsiveMs: 100_000,
      pingMs: 20,
      slotWaitMs: 30_000,
    });
    const silent = await openSocket(url);
    silent.socket.pause();
    expect((await (await openSocket(url)).ask(reset())).type).toBe("observation");
  });

  test("that answers pings is left alone", async () => {
    const { url } = await startServer({ silentMs: 300, pingMs: 20 });
    const client = await openSocket(url);
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect((await client.ask(state)).type).toBe("state");
  });
});

describe("a client that does not read", () => {
  /** Enough replies to fill the buffers of the system on both sides and the server's own. */
  const FLOOD = 8000;

  test("is not read either, and gets every reply in order once it reads again", async () => {
    const { url } = await startServer({ unsentBytes: 50_000 });
    const client = await openSocket(url);
    await client.ask(reset());
    const { score } = (await client.ask(step("escalate(me)"))).data.metadata.info.episode;
    client.socket.pause();
    for (let i = 0; i < FLOOD; i += 1) client.send(i % 1000 === 999 ? "mark" : state);
    const other = await openSocket(url);
    expect((await other.ask(state)).type).toBe("state"); // others are served meanwhile
    client.socket.resume();
    for (let i = 0; i < FLOOD; i += 1) {
      const { type, data } = await client.next(); // oxlint-disable-line no-await-in-loop
      expect([type, data.episode?.score]).toEqual(i % 1000 === 999 ? ["error", undefined] : ["state", score]);
    }
  });

  test("is ended when its unread replies do not shrink, and frees its slot", async () => {
    const { url } = await startServer({ maxSessions: 1, unsentBytes: 50_000, stalledMs: 200, slotWaitMs: 30_000 });
    const client = await openSocket(url);
    await client.ask(reset());
    await client.ask(step("escalate(me)"));
    client.socket.pause();
    for (let i = 0; i < FLOOD; i += 1) client.send(state);
    expect((await (await openSocket(url)).ask(reset())).type).toBe("observation");
  });
});

describe("a shutdown", () => {
  test("closes every socket with 1012 and ends those that are frozen", async () => {
    const server = await startServer({ closeMs: 200 });
    const lively = await openSocket(server.url);
    const frozen = await openSocket(server.url);
    await lively.ask(reset());
    frozen.socket.pause();
    const closing = server.close();
    expect(await lively.closed).toBe(1012);
    await closing;
    await expect(openSocket(server.url)).rejects.toThrow("ECONNREFUSED");
  });
});

describe("an unexpected error", () => {
  test("reaches the client as a reference only; the session can be reset and others go on", async () => {
    const secret = "/secret/path/of/a/stack";
    const broken = {
      ...coreSuite,
      tasks: coreSuite.tasks.map((task) =>
        task.id === "inc-117" ? Object.defineProperty({ ...task }, "siblings", { get: fail }) : task,
      ),
    };
    function fail(): never {
      throw new TypeError(secret);
    }
    const config = readConfig({ flags: { port: 0, logLevel: "silent" } });
    const server = await serve({ suite: broken, config });
    try {
      const other = await openSocket(server.url);
      await other.ask(reset({ seed: 1, task_id: "inc-116" }));
      const client = await openSocket(server.url);
      const text = JSON.stringify(await client.ask(reset({ seed: 1, task_id: "inc-117" })));
      expect(JSON.parse(text)).toMatchObject({ type: "error", data: { code: "EXECUTION_ERROR", reason: "INTERNAL" } });
      expect(text).toMatch(/logged under [0-9a-f]{12}\./);
      expect(text).not.toContain("secret");
      expect(await client.ask(step("check_status(cache)"))).toMatchObject({ data: { reason: "NOT_RESET" } });
      expect((await client.ask(reset({ seed: 1, task_id: "inc-116" }))).type).toBe("observation");
      expect((await other.ask(step("check_status(cache)"))).type).toBe("observation");
    } finally {
      await server.close();
    }
  });
});
