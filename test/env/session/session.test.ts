import { describe, expect, test } from "vitest";
import { rngFor } from "../../../env/core/rng.ts";
import { SeedStream } from "../../../env/session/seed-stream.ts";
import { Session } from "../../../env/session/session.ts";
import { coreSuite } from "../../../tasks/index.ts";

const newSession = (drawn = 5) => new Session(coreSuite, new SeedStream(() => drawn));
const streamed = (base: number, k: number) => Math.floor(rngFor(base, "next-seed", k)() * 1_000_000);
const play = (session: Session, seed: number) =>
  JSON.stringify([session.reset({ seed }), session.step("inspect_metrics(database)"), session.step("escalate(me)")]);
const idOf = (options: object) => {
  const session = newSession();
  session.reset(options);
  return session.state().episode_id;
};
const seedOf = (session: Session, options?: object) => session.reset(options).info.seed;

describe("seeds of resets that name none", () => {
  test("continue a stream from the last seed given", () => {
    const session = newSession();
    expect(seedOf(session, { seed: 42 })).toBe(42);
    expect([0, 1, 2].map(() => seedOf(session))).toEqual([0, 1, 2].map((k) => streamed(42, k)));
    expect(seedOf(session, { seed: 43 })).toBe(43);
    expect(seedOf(session)).toBe(streamed(43, 0));
    expect(seedOf(session, { seed: 42 })).toBe(42);
    expect(seedOf(session)).toBe(streamed(42, 0));
  });

  test("without any, start from a base drawn once and reported", () => {
    const session = newSession(77);
    const infos = [0, 1].map(() => session.reset({}).info);
    expect(infos.map(({ seed }) => seed)).toEqual([streamed(77, 0), streamed(77, 1)]);
    expect(infos.map(({ seed_base }) => seed_base)).toEqual([77, 77]);
    expect(session.reset({ seed: 1 }).info).not.toHaveProperty("seed_base");
    expect(session.reset({}).info).not.toHaveProperty("seed_base");
  });

  test("a refused reset moves no stream", () => {
    const session = newSession();
    session.reset({ seed: 42 });
    expect(() => session.reset({ task_id: "inc-999" })).toThrow(/Unknown task "inc-999".*Tasks: inc-/);
    expect(() => session.reset({ seed: 8, difficulty: "huge" })).toThrow("difficulty");
    expect(seedOf(session)).toBe(streamed(42, 0));
  });

  test("are for training, and bases of two sessions differ", () => {
    const bases = new Set<number>();
    for (let i = 0; i < 20; i += 1) {
      const { seed, seed_base } = new Session(coreSuite).reset({}).info;
      expect(seed).toBeGreaterThanOrEqual(0);
      expect(seed).toBeLessThan(1_000_000);
      bases.add(seed_base as number);
    }
    expect(bases.size).toBeGreaterThan(15);
  });
});

describe("a session", () => {
  test("names equal episodes equally, unless told a name", () => {
    expect(idOf({ seed: 1 })).toMatch(/^ep-[0-9a-f]{16}$/);
    expect(idOf({ seed: 1 })).toBe(idOf({ seed: 1, reward_mode: "sparse" }));
    expect(idOf({ seed: 1 })).not.toBe(idOf({ seed: 2 }));
    expect(idOf({ seed: 1, episode_id: "mine" })).toBe("mine");
  });

  test("options hold for one episode", () => {
    const session = newSession();
    session.reset({ seed: 1, text: false, reward_mode: "sparse", episode_id: "mine" });
    expect(session.step("check_status(cache)").observation).not.toHaveProperty("text");
    const { observation, info } = session.reset({ seed: 1 });
    expect(observation.text).toContain("PAGE");
    expect(info.reward_mode).toBe("telescoped");
    expect(session.state().episode_id).toMatch(/^ep-/);
  });

  test("a refused reset leaves the running episode as it was", () => {
    const session = newSession();
    session.reset({ seed: 1 });
    session.step("check_status(cache)");
    const before = JSON.stringify(session.state());
    for (const options of [
      { seed: -1 },
      { task_id: "nope" },
      { split: "test", task_id: "inc-117" },
      { index: 99 },
      [],
    ]) {
      expect(() => session.reset(options)).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
      expect(JSON.stringify(session.state())).toBe(before);
    }
  });

  test("the k-th episode of a used session is the first of a fresh one", () => {
    const used = newSession();
    for (let seed = 0; seed < 20; seed += 1) expect(play(used, seed)).toBe(play(newSession(), seed));
  });

  test("refuses a step before a reset and after the end", () => {
    const session = newSession();
    expect(() => session.step("check_status(cache)")).toThrow(expect.objectContaining({ code: "NOT_RESET" }));
    expect(() => session.truncate("quit")).toThrow(expect.objectContaining({ code: "NOT_RESET" }));
    session.reset({ seed: 1 });
    const { truncated, info } = session.truncate("quit");
    expect([truncated, info.episode?.ended]).toEqual([true, "quit"]);
    const before = JSON.stringify(session.state());
    expect(() => session.step("check_status(cache)")).toThrow(expect.objectContaining({ code: "EPISODE_DONE" }));
    expect(JSON.stringify(session.state())).toBe(before);
  });

  test("an abandoned episode is gone, and the next one is untouched by it", () => {
    const session = newSession();
    session.reset({ seed: 1 });
    session.abandon();
    expect(session.state()).toEqual({ episode_id: null, step_count: 0 });
    expect(() => session.step("check_status(cache)")).toThrow(expect.objectContaining({ code: "NOT_RESET" }));
    expect(JSON.stringify(session.reset({ seed: 1 }))).toBe(JSON.stringify(newSession().reset({ seed: 1 })));
  });
});
