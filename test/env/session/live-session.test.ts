import { describe, expect, test } from "vitest";
import { FakeCarrier, newSessions, notebook, opened } from "./fixtures.ts";

const LOOK = "check_status(cache)";
const refused = (code: string, more: object = {}) => expect.objectContaining({ code, ...more });

describe("a request with an id", () => {
  test("gives the same turn again, and nothing moves", async () => {
    const live = await opened(newSessions());
    const first = live.reset({ seed: 1 }, { requestId: "r-1" });
    expect(live.reset({ seed: 1 }, { requestId: "r-1" })).toBe(first);
    const step = live.step(LOOK, { requestId: "r-2" });
    const before = JSON.stringify(live.state());
    for (let i = 0; i < 5; i += 1) expect(live.step(LOOK, { requestId: "r-2" })).toBe(step);
    expect(JSON.stringify(live.state())).toBe(before);
    expect(live.lastRequestId).toBe("r-2");
  });

  test("means another step under another id, and with another body is refused", async () => {
    const live = await opened(newSessions());
    live.reset({ seed: 1 });
    live.step(LOOK, { requestId: "a" });
    live.step(LOOK, { requestId: "b" });
    expect(live.state().step_count).toBe(2);
    expect(() => live.step("check_status(database)", { requestId: "b" })).toThrow(refused("REQUEST_ID_REUSED"));
    expect(() => live.reset(LOOK, { requestId: "b" })).toThrow(refused("REQUEST_ID_REUSED"));
    expect(live.state().step_count).toBe(2);
  });

  test("is known only as long as it is the last that was carried out", async () => {
    const live = await opened(newSessions());
    live.reset({ seed: 1 });
    live.step(LOOK, { requestId: "a" });
    live.step(LOOK);
    expect(live.lastRequestId).toBeNull();
    live.step("check_status(database)", { requestId: "a" });
    expect(live.state().step_count).toBe(3);
  });

  test("that was refused is not remembered", async () => {
    const live = await opened(newSessions());
    expect(() => live.step(LOOK, { requestId: "a" })).toThrow(refused("NOT_RESET"));
    expect(() => live.reset({ seed: -1 }, { requestId: "a" })).toThrow(refused("BAD_OPTION"));
    expect(live.lastRequestId).toBeNull();
    live.reset({ seed: 1 }, { requestId: "a" });
    expect(live.lastRequestId).toBe("a");
  });

  test("of an ending step gives the ending again, although the episode is over", async () => {
    const live = await opened(newSessions());
    live.reset({ seed: 1 });
    const end = live.step("escalate(me)", { requestId: "end" });
    expect(live.step("escalate(me)", { requestId: "end" })).toBe(end);
    expect(() => live.step("escalate(me)", { requestId: "other" })).toThrow(refused("EPISODE_DONE"));
  });
});

describe("an expected step", () => {
  test("must be where the episode is", async () => {
    const live = await opened(newSessions());
    live.reset({ seed: 1 });
    live.step(LOOK);
    live.step(LOOK);
    for (const expectedStep of [1, 3]) {
      expect(() => live.step(LOOK, { expectedStep })).toThrow(refused("STEP_CONFLICT", { stepCount: 2 }));
    }
    expect(live.step(LOOK, { expectedStep: 2 }).info.metrics).toMatchObject({ steps: 3 });
  });

  test("that is stale does not stand in the way of a repeated request", async () => {
    const live = await opened(newSessions());
    live.reset({ seed: 1 }, { expectedStep: 0 });
    const keys = { requestId: "a", expectedStep: 0 };
    const turn = live.step(LOOK, keys);
    expect(live.step(LOOK, keys)).toBe(turn);
    expect(() => live.reset({ seed: 1 }, { expectedStep: 0 })).toThrow(refused("STEP_CONFLICT"));
  });
});

describe("an agent's handle", () => {
  test("leads to the present episode only, and a server remembers no other", async () => {
    const sessions = newSessions();
    const live = await opened(sessions);
    const handles = new Set<string>();
    for (let seed = 0; seed < 50; seed += 1) {
      live.reset({ seed });
      expect(sessions.findByHandle(live.handle)).toBe(live);
      expect(live.handle).toBe(live.handle);
      handles.add(live.handle);
    }
    expect(handles.size).toBe(50);
    expect([...handles].filter((handle) => sessions.findByHandle(handle) !== null)).toEqual([live.handle]);
    expect(sessions.find(live.handle)).toBeNull();
    expect(sessions.findByHandle(live.id)).toBeNull();
    const last = live.handle;
    live.release();
    expect(sessions.findByHandle(last)).toBeNull();
  });
});

describe("a journal", () => {
  test("is told of everything that happened, once, and of nothing that was refused", async () => {
    const journal = notebook();
    const live = await opened(newSessions({}, { journals: [journal] }));
    expect(() => live.step(LOOK)).toThrow(refused("NOT_RESET"));
    live.reset({ seed: 1 });
    expect(() => live.reset({ seed: -1 })).toThrow(refused("BAD_OPTION"));
    live.step(LOOK, { requestId: "a" });
    live.step(LOOK, { requestId: "a" });
    expect(() => live.step(LOOK, { expectedStep: 9 })).toThrow(refused("STEP_CONFLICT"));
    live.truncate("agent_quit");
    live.renewToken();
    live.reset({ seed: 2 });
    live.abandon();
    live.release();
    live.release();
    expect(journal.notes).toEqual([
      "reset 1",
      LOOK,
      "agent_quit, over",
      "resumable 1",
      "reset 2",
      "abandoned",
      "closed",
    ]);
  });
});

describe("a connection", () => {
  test("that is gone ends its session, unless it can be resumed", async () => {
    const sessions = newSessions();
    const carriers = [new FakeCarrier(), new FakeCarrier()] as const;
    const [plain, resumable] = [await opened(sessions, carriers[0]), await opened(sessions, carriers[1])];
    resumable.renewToken();
    plain.detach(carriers[0]);
    resumable.detach(carriers[1]);
    expect([sessions.find(plain.id), sessions.find(resumable.id)]).toEqual([null, resumable]);
  });

  test("that was superseded has no say any more", async () => {
    const sessions = newSessions();
    const [first, second] = [new FakeCarrier(), new FakeCarrier()] as const;
    const live = await opened(sessions, first);
    const token = live.renewToken();
    live.heard();
    expect(await sessions.resume(live.id, token, second)).toBe(live);
    expect([first.fate, second.fate, live.carrier]).toEqual([["superseded"], [], second]);
    live.detach(first);
    expect(live.carrier).toBe(second);
  });

  test("leaves a session that lives between calls as it is, unless it is to end with it", async () => {
    const sessions = newSessions();
    const live = await opened(sessions);
    const carrier = new FakeCarrier();
    live.attach(carrier);
    live.detach(carrier);
    expect(sessions.find(live.id)).toBe(live);
    live.attach(carrier);
    live.endWithCarrier();
    expect(sessions.find(live.id)).toBe(live);
    live.detach(carrier);
    expect(sessions.find(live.id)).toBeNull();
  });
});
