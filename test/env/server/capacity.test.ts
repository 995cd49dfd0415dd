import { describe, expect, test } from "vitest";
import { openSocket, reset, startServer } from "./fixtures.ts";

const full = { type: "error", data: { code: "CAPACITY_REACHED", active_sessions: 2, max_sessions: 2 } };

/** A server with room for two, both taken. */
async function fullServer(flags: object = {}) {
  const { url } = await startServer({ maxSessions: 2, slotWaitMs: 50, ...flags });
  const holders = [await openSocket(url), await openSocket(url)] as const;
  for (const holder of holders) await holder.ask(reset()); // oxlint-disable-line no-await-in-loop
  return { url, holders };
}

describe("a full server", () => {
  test("refuses a client that sends at once: its frame gets the reason, then the socket closes", async () => {
    const { url } = await fullServer();
    const late = await openSocket(url);
    expect(await late.ask(reset())).toMatchObject(full);
    expect(await late.closed).toBe(1000);
  });

  test("refuses a client that waits, and stays open until its first frame", async () => {
    const { url } = await fullServer();
    const late = await openSocket(url);
    expect(await late.next()).toMatchObject(full);
    expect(late.socket.readyState).toBe(late.socket.OPEN);
    late.send(reset());
    expect(await late.closed).toBe(1000);
  });

  test("does not keep a silent refused client for ever", async () => {
    const { url } = await fullServer({ refusalHoldMs: 50 });
    const late = await openSocket(url);
    expect(await late.next()).toMatchObject(full);
    expect(await late.closed).toBe(1000);
  });

  test.for(["close frame", "closing handshake", "cut"] as const)(
    "a client that leaves by a %s frees its slot",
    async (how) => {
      const { url, holders } = await fullServer({ slotWaitMs: 10_000 });
      const late = await openSocket(url);
      late.send(reset()); // waits
      if (how === "close frame") holders[0].send({ type: "close" });
      else if (how === "closing handshake") holders[0].socket.close();
      else holders[0].socket.terminate();
      expect((await late.next()).type).toBe("observation");
    },
  );

  test("a client that broke the protocol frees its slot", async () => {
    const { url, holders } = await fullServer({ slotWaitMs: 10_000 });
    holders[0].send("x".repeat(70_000));
    expect(await holders[0].closed).toBe(1009);
    expect((await (await openSocket(url)).ask(reset())).type).toBe("observation");
  });

  test("clients that leave while they wait take no slot", async () => {
    const { url, holders } = await fullServer({ slotWaitMs: 10_000 });
    const quitters = await Promise.all(Array.from({ length: 5 }, () => openSocket(url)));
    for (const { socket } of quitters) socket.terminate();
    await Promise.all(quitters.map(({ closed }) => closed));
    for (const holder of holders) holder.send({ type: "close" });
    const next = [await openSocket(url), await openSocket(url)];
    const replies = await Promise.all(next.map((client) => client.ask(reset())));
    expect(replies.map(({ type }) => type)).toEqual(["observation", "observation"]);
  });

  test("gives the slot of a silent client to one that needs it, and of no other", async () => {
    const { url, holders } = await fullServer({ pingMs: 20, unresponsiveMs: 300 });
    holders[0].socket.pause(); // reads no ping, so answers none
    const silence = new Promise((resolve) => setTimeout(resolve, 600));
    await silence;
    const late = await openSocket(url);
    expect((await late.ask(reset())).type).toBe("observation");
    expect((await holders[1].ask({ type: "state" })).type).toBe("state");
    holders[0].socket.resume();
    expect(await holders[0].closed).not.toBe(1000);
  });

  test("sessions opened and closed many times leave no slot behind", async () => {
    const { url } = await startServer({ maxSessions: 3, slotWaitMs: 5000 });
    for (let round = 0; round < 60; round += 1) {
      // oxlint-disable no-await-in-loop
      const clients = await Promise.all([openSocket(url), openSocket(url), openSocket(url)]);
      const replies = await Promise.all(clients.map((client) => client.ask(reset({ seed: round, text: false }))));
      expect(replies.every(({ type }) => type === "observation")).toBe(true);
      for (const [i, { socket }] of clients.entries()) {
        if (i === 0) socket.terminate();
        else socket.close();
      }
      // oxlint-enable no-await-in-loop
    }
  });
});
