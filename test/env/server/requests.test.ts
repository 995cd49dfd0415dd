import { describe, expect, test } from "vitest";
import { call, openSocket, reset, startServer, step } from "./fixtures.ts";
import type { Reply } from "./fixtures.ts";

const LOOK = "check_status(cache)";

/** What a client says of a request, and what comes back: its kind, the bytes, and the parsed reply. */
interface Answer {
  readonly ok: boolean;
  readonly text: string;
  readonly body: Reply;
}

interface Door {
  /** Whether null means absent, as Pydantic writes it. */
  readonly takesNull: boolean;
  reset(data: object, keys?: object): Promise<Answer>;
  step(action: unknown, keys?: object): Promise<Answer>;
  stepCount(): Promise<number>;
}

const doors: Readonly<Record<string, () => Promise<Door>>> = {
  "/ws": async () => {
    const { url } = await startServer();
    const socket = await openSocket(url);
    const ask = async (frame: object): Promise<Answer> => {
      socket.send(frame);
      const text = await socket.nextText();
      const body: Reply = JSON.parse(text);
      return { ok: body.type === "observation", text, body: body.type === "error" ? body.data : body };
    };
    return {
      takesNull: false,
      reset: (data, keys) => ask({ ...reset(data), ...keys }),
      step: (action, keys) => ask({ ...step(action), ...keys }),
      stepCount: async () => (await ask({ type: "state" })).body.data.step_count,
    };
  },
  HTTP: async () => {
    const { url } = await startServer();
    const { headers } = await call(`${url}/reset`, "POST", {}, { "x-session-id": "new" });
    const id = { "x-session-id": headers.get("x-session-id") ?? "" };
    const post = async (path: string, sent: object): Promise<Answer> => {
      const { status, text, body } = await call(url + path, "POST", sent, id);
      return { ok: status === 200, text, body: { ...body, reason: body.code, message: body.detail, status } };
    };
    return {
      takesNull: true,
      reset: (data, keys) => post("/reset", { ...data, ...keys }),
      step: (action, keys) => post("/step", { action, ...keys }),
      stepCount: async () => (await call(`${url}/state`, "GET", undefined, id)).body.step_count,
    };
  },
};

describe.for(Object.entries(doors))("a request with an id over %s", ([, open]) => {
  test("is answered again in the same bytes, and nothing moves", async () => {
    const door = await open();
    const first = await door.reset({ seed: 1 }, { request_id: "r" });
    expect((await door.reset({ seed: 1 }, { request_id: "r" })).text).toBe(first.text);
    const look = await door.step(LOOK, { request_id: "a", expected_step: 0 });
    for (let i = 0; i < 3; i += 1) {
      expect((await door.step(LOOK, { request_id: "a", expected_step: 0 })).text).toBe(look.text); // oxlint-disable-line no-await-in-loop
    }
    expect(await door.stepCount()).toBe(1);
    const end = await door.step("escalate(me)", { request_id: "b" });
    expect((await door.step("escalate(me)", { request_id: "b" })).text).toBe(end.text);
    expect(await door.stepCount()).toBe(2);
  });

  test("is a new step under a new id", async () => {
    const door = await open();
    await door.reset({ seed: 1 });
    await door.step(LOOK, { request_id: "a" });
    await door.step(LOOK, { request_id: "b" });
    expect(await door.stepCount()).toBe(2);
  });

  test("with another body is refused, and nothing moves", async () => {
    const door = await open();
    await door.reset({ seed: 1 });
    await door.step(LOOK, { request_id: "a" });
    for (const again of [
      () => door.step("check_status(database)", { request_id: "a" }),
      () => door.reset({ seed: 1 }, { request_id: "a" }),
    ]) {
      const { ok, body } = await again(); // oxlint-disable-line no-await-in-loop
      expect([ok, body.reason]).toEqual([false, "REQUEST_ID_REUSED"]);
      expect(body.message).toContain("a was used for another request");
    }
    expect(await door.stepCount()).toBe(1);
  });

  test("that expects another step is refused, saying where the episode is", async () => {
    const door = await open();
    await door.reset({ seed: 1 });
    await door.step(LOOK);
    await door.step(LOOK);
    for (const expected_step of [1, 3]) {
      const { body } = await door.step(LOOK, { expected_step }); // oxlint-disable-line no-await-in-loop
      expect(body).toMatchObject({ reason: "STEP_CONFLICT", step_count: 2 });
      expect(body.message).toContain(`Expected step ${expected_step}, the episode is at step 2`);
    }
    expect((await door.reset({}, { expected_step: 0 })).body).toMatchObject({ reason: "STEP_CONFLICT", step_count: 2 });
    expect((await door.step(LOOK, { expected_step: 2 })).ok).toBe(true);
  });

  test("wins alone of eight that expect the same step", async () => {
    const door = await open();
    await door.reset({ seed: 1 });
    for (let expected_step = 0; expected_step < 5; expected_step += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const answers = await Promise.all(Array.from({ length: 8 }, () => door.step(LOOK, { expected_step })));
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    }
    expect(await door.stepCount()).toBe(5);
  });

  test("may have an id of any 255 characters", async () => {
    const door = await open();
    expect((await door.reset({ seed: 1 }, { request_id: "é ".repeat(127) + "x" })).ok).toBe(true);
    expect((await door.step(LOOK, { request_id: "x".repeat(254), expected_step: 0 })).ok).toBe(true);
    expect((await door.step(LOOK, { request_id: null, expected_step: null })).ok).toBe(door.takesNull);
  });

  test.for([
    { request_id: "" },
    { request_id: 5 },
    { request_id: "x".repeat(256) },
    { request_id: "a\u0000b" },
    { request_id: "\ud800" },
    { expected_step: -1 },
    { expected_step: 0.5 },
    { expected_step: "0" },
    { expected_step: 2 ** 53 },
  ])("is refused with %j", async (keys) => {
    const door = await open();
    await door.reset({ seed: 1 });
    const { ok, body } = await door.step(LOOK, keys);
    expect(ok).toBe(false);
    const [place] = (body.errors ?? body.detail) as Reply[];
    expect(place.loc.at(-1)).toBe(Object.keys(keys)[0]);
    expect(await door.stepCount()).toBe(0);
  });
});

describe("what stock clients never send", () => {
  test("shows in no reply that did not ask for it", async () => {
    const { url } = await startServer();
    const socket = await openSocket(url);
    for (const frame of [reset(), step(LOOK), { type: "state" }, "x", { type: "nonsense" }]) {
      expect(Object.keys(await socket.ask(frame))).toEqual(["type", "data"]); // oxlint-disable-line no-await-in-loop
    }
    expect(Object.keys(await socket.ask({ ...step(LOOK), request_id: "a" }))).toEqual(["type", "data", "request_id"]);
    const refused = await socket.ask({ ...step(LOOK), request_id: "b", expected_step: 9 });
    expect(refused).toMatchObject({ type: "error", request_id: "b" });
  });

  test("is refused where it has no meaning", async () => {
    const { url } = await startServer();
    const socket = await openSocket(url);
    for (const frame of [
      { type: "state", request_id: "a" },
      { type: "session", data: {} },
      { type: "resume" },
      { type: "resume", data: {} },
      { type: "resume", data: { token: 5 } },
      { type: "resume", data: { token: "x", more: 1 } },
    ]) {
      expect(await socket.ask(frame)).toMatchObject({ type: "error", data: { code: "VALIDATION_ERROR" } }); // oxlint-disable-line no-await-in-loop
    }
  });
});
