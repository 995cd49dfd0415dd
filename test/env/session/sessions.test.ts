import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeCarrier, newSessions, opened } from "./fixtures.ts";

const ids = (count: number, make: () => string) => Array.from({ length: count }, make);

describe("sessions that nobody uses", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test.for([
    [59_999, true],
    [60_000, true],
    [60_001, false],
  ] as const)("a resumable one, %i ms after its client left: %s", async ([ms, there]) => {
    const sessions = newSessions({ detachedMs: 60_000 });
    const carrier = new FakeCarrier();
    const live = await opened(sessions, carrier);
    const token = live.renewToken();
    live.detach(carrier);
    vi.advanceTimersByTime(ms);
    const resumed = await sessions.resume(live.id, token, new FakeCarrier());
    expect([resumed, sessions.load.active_sessions]).toEqual(there ? [live, 1] : [null, 0]);
  });

  test.for([
    [1_799_999, true],
    [1_800_000, true],
    [1_800_001, false],
  ] as const)("one without a connection, %i ms after its last call: %s", async ([ms, there]) => {
    const sessions = newSessions({ callIdleS: 1800 });
    const live = await opened(sessions);
    vi.advanceTimersByTime(1_000_000);
    live.reset({ seed: 1 });
    vi.advanceTimersByTime(ms);
    expect(sessions.find(live.id)).toBe(there ? live : null);
  });

  test("are found by themselves, and their slots go to others", async () => {
    const sessions = newSessions({ maxSessions: 2, callIdleS: 10, detachedMs: 5000 });
    await opened(sessions);
    const carrier = new FakeCarrier();
    const detached = await opened(sessions, carrier);
    detached.renewToken();
    detached.detach(carrier);
    vi.advanceTimersByTime(6500);
    expect(sessions.load.active_sessions).toBe(1);
    vi.advanceTimersByTime(5000);
    expect([sessions.load.active_sessions, [...sessions.all()]]).toEqual([0, []]);
  });

  test("do not exist while a client is connected, and begin anew when it leaves", async () => {
    const sessions = newSessions({ callIdleS: 10 });
    const live = await opened(sessions);
    const carrier = new FakeCarrier();
    live.attach(carrier);
    vi.advanceTimersByTime(60_000);
    expect(sessions.find(live.id)).toBe(live);
    live.detach(carrier);
    vi.advanceTimersByTime(9000);
    expect(sessions.find(live.id)).toBe(live);
    vi.advanceTimersByTime(2000);
    expect(sessions.find(live.id)).toBeNull();
  });
});

describe("the ids of sessions", () => {
  test("are 128 random bits, after the node's own", async () => {
    const sessions = newSessions({}, { nodeId: "n1" });
    const live = await opened(sessions);
    live.reset({ seed: 1 });
    for (const id of [live.id, live.handle]) expect(id).toMatch(/^n1\.[\w-]{22}$/);
    const plain = await opened(newSessions());
    expect(plain.id).toMatch(/^[\w-]{22}$/);
  });

  test("cannot be guessed, and nearly right is as wrong as anything", async () => {
    const sessions = newSessions();
    const live = await opened(sessions);
    live.reset({ seed: 1 });
    const mutations = Array.from(
      { length: live.id.length },
      (_, i) => `${live.id.slice(0, i)}!${live.id.slice(i + 1)}`,
    );
    const guesses = [...mutations, "", "new", "__proto__", "constructor", live.id.toLowerCase(), `${live.id} `];
    const wild = ids(20_000, () => Math.random().toString(36).repeat(3).slice(0, 22));
    expect([...guesses, ...wild].filter((id) => sessions.find(id) ?? sessions.findByHandle(id))).toEqual([]);
  });
});

describe("resuming", () => {
  test("takes the right id and the right token, and otherwise changes nothing", async () => {
    const sessions = newSessions();
    const [a, b] = [await opened(sessions, new FakeCarrier()), await opened(sessions, new FakeCarrier())];
    const [tokenOfA, tokenOfB] = [a.renewToken(), b.renewToken()];
    const carriers = [a.carrier, b.carrier];
    for (const [id, token] of [
      [a.id, tokenOfB],
      [b.id, tokenOfA],
      [a.id, ""],
      ["nobody", tokenOfA],
      [a.id, a.id],
    ] as const) {
      expect(await sessions.resume(id, token, new FakeCarrier())).toBeNull(); // oxlint-disable-line no-await-in-loop
    }
    expect([a.carrier, b.carrier]).toEqual(carriers);
    expect(await sessions.resume(a.id, tokenOfA, new FakeCarrier())).toBe(a);
  });
});

describe("a full server", () => {
  test("takes the slot of a silent connection, whose session is gone even if it could be resumed", async () => {
    const sessions = newSessions({ maxSessions: 1 });
    const carrier = new FakeCarrier();
    const live = await opened(sessions, carrier);
    live.renewToken();
    expect(await sessions.open({ carrier: null })).toBeNull();
    carrier.silent = true;
    const next = await opened(sessions);
    expect([carrier.fate, sessions.find(live.id), sessions.find(next.id)]).toEqual([["gave up"], null, next]);
  });

  test("makes nothing for those it has no slot for", async () => {
    const sessions = newSessions({ maxSessions: 3 });
    const tries = await Promise.all(ids(20, () => "").map(() => sessions.open({ carrier: null })));
    expect([tries.filter((one) => one !== null).length, [...sessions.all()].length]).toEqual([3, 3]);
  });
});
