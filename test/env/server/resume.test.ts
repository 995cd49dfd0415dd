import { describe, expect, test } from "vitest";
import { call, openSocket, reset, startServer, step } from "./fixtures.ts";
import type { RawSocket, Reply } from "./fixtures.ts";

const LOOK = "check_status(cache)";
const state = { type: "state" };
const lost = { type: "error", data: { code: "SESSION_ERROR" } };

/** A resumable session in the middle of an episode. */
async function resumable(flags: Readonly<Record<string, unknown>> = {}) {
  const { url } = await startServer(flags);
  const socket = await openSocket(url);
  await socket.ask(reset({ seed: 1, episode_id: "mine" }));
  await socket.ask({ ...step(LOOK), request_id: "r-1" });
  const { type, data } = await socket.ask({ type: "session" });
  expect(type).toBe("session");
  await socket.ask(state); // the client has its token
  return { url, socket, descriptor: data };
}

/** Opens a socket for a session and sends its token; returns the socket and the reply. */
async function resume(url: string, id: string, token: string): Promise<{ socket: RawSocket; reply: Reply }> {
  const socket = await openSocket(url, {}, `/ws?session_id=${encodeURIComponent(id)}`);
  return { socket, reply: await socket.ask({ type: "resume", data: { token } }) };
}

const cut = async ({ socket, closed }: RawSocket): Promise<void> => {
  socket.terminate();
  await closed;
};

describe("a resumable session", () => {
  test("says how it is found again", async () => {
    const { descriptor } = await resumable({ nodeId: "n1" });
    expect(descriptor).toEqual({
      session_id: expect.stringMatching(/^n1\.[\w-]{22}$/),
      resume_token: expect.stringMatching(/^[\w-]{32}$/),
      resume_window_s: 60,
      durable: false,
      agent_path: expect.stringMatching(/^\/e\/n1\.[\w-]{22}$/),
      step_count: 1,
      episode_id: "mine",
      done: false,
      last_request_id: "r-1",
    });
  });

  test("has no path for an agent before its first reset", async () => {
    const { url } = await startServer();
    const { data } = await (await openSocket(url)).ask({ type: "session" });
    expect(data).toMatchObject({
      agent_path: null,
      episode_id: null,
      step_count: 0,
      done: false,
      last_request_id: null,
    });
  });

  test.for(["cut", "closed"] as const)("goes on after its connection was %s, with another token", async (how) => {
    const { url, socket, descriptor } = await resumable();
    const before = await socket.ask(state);
    if (how === "cut") await cut(socket);
    else {
      socket.socket.close();
      await socket.closed;
    }
    const again = await resume(url, descriptor.session_id, descriptor.resume_token);
    const { resume_token, ...same } = descriptor;
    expect(again.reply).toEqual({ type: "session", data: { ...same, resume_token: expect.any(String) } });
    expect(again.reply.data.resume_token).not.toBe(resume_token);
    expect(await again.socket.ask(state)).toEqual(before);
    const repeated = await again.socket.ask({ ...step(LOOK), request_id: "r-1" });
    expect(repeated.data.observation.steps_left).toBe(before.data.steps_left);
    expect((await again.socket.ask(step(LOOK))).data.metadata.info.metrics.steps).toBe(2);
  });

  test("takes over from a connection that is still open, which is closed with 4409", async () => {
    const { url, socket, descriptor } = await resumable();
    const again = await resume(url, descriptor.session_id, descriptor.resume_token);
    expect(again.reply.type).toBe("session");
    expect(await socket.closed).toBe(4409);
    expect((await again.socket.ask(state)).data.step_count).toBe(1);
  });

  test("keeps its slot while nobody is connected", async () => {
    const { url, socket, descriptor } = await resumable({ maxSessions: 1, slotWaitMs: 20 });
    await cut(socket);
    expect((await (await openSocket(url)).next()).data.code).toBe("CAPACITY_REACHED");
    expect((await resume(url, descriptor.session_id, descriptor.resume_token)).reply.type).toBe("session");
  });

  test("is gone once its time is over, and its slot is free", async () => {
    const { url, socket, descriptor } = await resumable({ maxSessions: 1, slotWaitMs: 20, detachedMs: 100 });
    await cut(socket);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const late = await resume(url, descriptor.session_id, descriptor.resume_token);
    expect(late.reply).toMatchObject(lost);
    expect(await late.socket.closed).toBe(1000);
    expect((await (await openSocket(url)).ask(reset())).type).toBe("observation");
  });

  test("is gone once its client says farewell", async () => {
    const { url, socket, descriptor } = await resumable();
    socket.send({ type: "close" });
    await socket.closed;
    expect((await resume(url, descriptor.session_id, descriptor.resume_token)).reply).toMatchObject(lost);
  });

  test("is not found by any other token, and none changes anything", async () => {
    const { url, socket, descriptor } = await resumable();
    const other = await resumable();
    const { session_id, resume_token } = descriptor;
    const replies = [];
    for (const [id, token] of [
      [session_id, ""],
      [session_id, `${resume_token.slice(1)}x`],
      [session_id, other.descriptor.resume_token],
      [session_id, session_id],
      [other.descriptor.session_id, resume_token],
      ["nobody", resume_token],
      ["", resume_token],
    ] as const) {
      const wrong = await resume(url, id, token); // oxlint-disable-line no-await-in-loop
      replies.push(JSON.stringify(wrong.reply), await wrong.socket.closed); // oxlint-disable-line no-await-in-loop
    }
    expect(new Set(replies).size).toBe(2); // one refusal, one close code
    expect(JSON.parse(replies[0] as string)).toMatchObject(lost);
    expect((await socket.ask(state)).data.step_count).toBe(1);
    expect((await resume(url, session_id, resume_token)).reply.type).toBe("session");
  });

  test("wants the token first, whoever asks for what", async () => {
    const { url, socket, descriptor } = await resumable();
    for (const first of [state, reset(), "nonsense", Buffer.from("x"), { type: "close" }]) {
      const stranger = await openSocket(url, {}, `/ws?session_id=${descriptor.session_id}`); // oxlint-disable-line no-await-in-loop
      if (first instanceof Buffer) stranger.socket.send(first);
      else stranger.send(first);
      expect(await stranger.next()).toMatchObject(lost); // oxlint-disable-line no-await-in-loop
      expect(await stranger.closed).toBe(1000); // oxlint-disable-line no-await-in-loop
    }
    expect((await socket.ask(state)).data.step_count).toBe(1);
  });

  test("does not wait for ever for a token", async () => {
    const { url } = await resumable({ refusalHoldMs: 50 });
    const stranger = await openSocket(url, {}, "/ws?session_id=nobody");
    expect(await stranger.next()).toMatchObject(lost);
    expect(await stranger.closed).toBe(1000);
  });

  test("takes every token once", async () => {
    const { url, socket, descriptor } = await resumable();
    let holder = socket;
    let token = descriptor.resume_token;
    const used: string[] = [];
    for (let i = 0; i < 10; i += 1) {
      // oxlint-disable no-await-in-loop
      if (i % 2 === 0) await cut(holder);
      const again = await resume(url, descriptor.session_id, token);
      expect(again.reply.type).toBe("session");
      used.push(token);
      token = again.reply.data.resume_token;
      holder = again.socket;
      await holder.ask(state);
      for (const old of used) {
        expect((await resume(url, descriptor.session_id, old)).reply).toMatchObject(lost);
      }
      // oxlint-enable no-await-in-loop
    }
    expect((await holder.ask(state)).data.step_count).toBe(1);
  });

  test("is not lost with the reply that held its next token", async () => {
    const { url, socket, descriptor } = await resumable();
    await cut(socket);
    for (let i = 0; i < 3; i += 1) {
      // oxlint-disable no-await-in-loop
      const { socket: unlucky } = await openSocket(url, {}, `/ws?session_id=${descriptor.session_id}`);
      unlucky.once("message", () => unlucky.terminate()); // as if it had never arrived
      unlucky.send(JSON.stringify({ type: "resume", data: { token: descriptor.resume_token } }));
      await new Promise((resolve) => unlucky.once("close", resolve));
      // oxlint-enable no-await-in-loop
    }
    const { reply } = await resume(url, descriptor.session_id, descriptor.resume_token);
    expect(reply.data.step_count).toBe(1);
  });

  test("asks for another token on its own connection, too", async () => {
    const { url, socket, descriptor } = await resumable();
    const { data } = await socket.ask({ type: "resume", data: { token: descriptor.resume_token } });
    expect(data.session_id).toBe(descriptor.session_id);
    await cut(socket);
    expect((await resume(url, descriptor.session_id, data.resume_token)).reply.type).toBe("session");
  });

  test("answers frames that were sent with the token, in order", async () => {
    const { url, socket, descriptor } = await resumable();
    await cut(socket);
    const again = await openSocket(url, {}, `/ws?session_id=${descriptor.session_id}`);
    again.send({ type: "resume", data: { token: descriptor.resume_token } });
    for (let i = 0; i < 20; i += 1) again.send(i % 2 === 0 ? state : step(LOOK));
    expect((await again.next()).type).toBe("session");
    for (let i = 0; i < 10; i += 1) {
      expect((await again.next()).data.step_count).toBe(1 + i); // oxlint-disable-line no-await-in-loop
      expect((await again.next()).type).toBe("observation"); // oxlint-disable-line no-await-in-loop
    }
  });

  test("ends for whoever has the control plane, and for its client", async () => {
    const { url, socket, descriptor } = await resumable();
    const gone = await call(`${url}/session?session_id=${descriptor.session_id}`, "DELETE");
    expect([gone.status, await socket.closed]).toEqual([204, 4409]);
    expect((await resume(url, descriptor.session_id, descriptor.resume_token)).reply).toMatchObject(lost);
  });
});

test("a session that nobody made resumable is gone with its connection", async () => {
  const { url } = await startServer({ maxSessions: 1 });
  const socket = await openSocket(url);
  await socket.ask(reset());
  await cut(socket);
  expect((await (await openSocket(url)).ask(state)).data.step_count).toBe(0);
});
