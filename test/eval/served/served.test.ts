import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { sampleAction } from "../../../env/contract/sample.ts";
import { rngFor } from "../../../env/core/rng.ts";
import { openMemoryStore } from "../../../env/store/memory.ts";
import { openDatabase } from "../../../env/store/sqlite/open.ts";
import { sqliteStore } from "../../../env/store/sqlite/results.ts";
import type { ResultStore, RunRecord } from "../../../env/store/store.ts";
import { systemClock } from "../../../eval/clock.ts";
import { leaderboard } from "../../../eval/report/leaderboard.ts";
import { servedResults } from "../../../eval/served/served-results.ts";
import { checkEpisode } from "../../../eval/verify/check-episode.ts";
import { storedTasks } from "../../../eval/verify/stored-tasks.ts";
import { checkPlan } from "../../../eval/verify/check-plan.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { FakeCarrier, newSessions, opened } from "../../env/session/fixtures.ts";
import { taskOf } from "../../helpers.ts";

const LOOK = "check_status(cache)";
const facts = { versions: { env: "1.0.0" }, config: {}, gitCommit: null, gitDirty: null };

/** Sessions whose episodes are stored. Closing the results leaves the store open, to be looked at. */
function recorded(store: ResultStore = openMemoryStore()) {
  const told: string[] = [];
  const kept = { ...store, close: async () => {} };
  const results = servedResults({
    store: kept,
    suite: coreSuite,
    facts,
    clock: systemClock,
    report: (message) => told.push(message),
  });
  const sessions = newSessions({}, { journals: [results.journal] });
  return { store, results, sessions, told };
}

/** A whole random episode. */
async function play(sessions: ReturnType<typeof newSessions>, seed: number, agent = "guest"): Promise<number> {
  const live = await sessions.open({ carrier: null, agent });
  live?.reset({ seed, split: "all", text: seed % 2 === 0 });
  const rng = rngFor(seed, "served", 0);
  for (;;) {
    const turn = live?.step(rng() < 0.1 ? "nonsense" : sampleAction(rng));
    if (turn?.info.episode === undefined) continue;
    live?.release();
    return turn.info.episode.score;
  }
}

/** A store in a file of a disk that can be full. */
function onDisk() {
  const folder = mkdtempSync(join(tmpdir(), "oncall-served-"));
  const db = openDatabase(join(folder, "oncall.db"));
  const store = sqliteStore(db);
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const fill = () => db.pragma(`max_page_count = ${String(db.pragma("page_count", { simple: true }))}`);
  return { store, fill, free: () => db.pragma("max_page_count = 1000000") };
}

describe("what outside clients play", () => {
  test("is stored as one run, by the names of their agents, as the harness would have stored it", async () => {
    const { store, results, sessions, told } = recorded();
    const scores: number[] = [];
    for (let seed = 0; seed < 20; seed += 1) scores.push(await play(sessions, seed, seed % 2 === 0 ? "a" : "b"));
    await results.close();
    expect(told).toEqual([]);

    const [run, ...others] = await store.runs();
    expect(others).toEqual([]);
    expect(run).toMatchObject({ name: "served", status: "complete", suite: "core" });
    const runId = run?.runId ?? "";
    const episodes = await store.episodes({ runIds: [runId] });
    expect(episodes.map(({ seed }) => seed)).toEqual([...scores.keys()]);
    expect(episodes.map(({ score }) => score)).toEqual(scores);
    expect((await store.variants(runId)).map(({ label, kind }) => [label, kind])).toEqual([
      ["a", "external"],
      ["b", "external"],
    ]);
    const scored = new Map(leaderboard(episodes).map((entry) => [entry.variant, entry.scored]));
    expect([scored.get("a"), scored.get("b"), scored.size]).toEqual([10, 10, 2]);

    const taskSpecs = await store.taskSpecs(runId);
    expect(storedTasks(taskSpecs).problems).toEqual([]);
    const [suite, variants, slots] = [
      await store.suite("core", "1.0.0"),
      await store.variants(runId),
      await store.slots(runId),
    ];
    const plan = { run: run as RunRecord, suite, variants, taskSpecs, slots, episodes };
    expect(checkPlan(plan, "")).toEqual([]);
    for (const episode of episodes) {
      const steps = await store.steps(episode.episodeId);
      expect(checkEpisode(episode, steps, taskOf(episode.taskId))).toEqual([]);
    }
  });

  test("leaves no run behind when nothing was played to its end, and none without a step is an attempt", async () => {
    const { store, results, sessions } = recorded();
    const live = await opened(sessions);
    live.reset({ seed: 1 });
    live.reset({ seed: 2 });
    live.release();
    await results.close();
    expect(await store.runs()).toEqual([]);
  });

  test("and left in the middle is an attempt without a score", async () => {
    const { store, results, sessions } = recorded();
    const carriers = Array.from({ length: 4 }, () => new FakeCarrier());
    const [left, again, broken, running] = await Promise.all(carriers.map((carrier) => opened(sessions, carrier)));
    for (const [seed, live] of [left, again, broken, running].entries()) {
      live?.reset({ seed });
      live?.step(LOOK);
    }
    left?.detach(carriers[0] as FakeCarrier);
    again?.reset({ seed: 10 });
    broken?.abandon();
    results.stopping();
    running?.release();
    await results.close();
    const episodes = await store.episodes();
    expect(episodes.map(({ seed, outcome, score, steps }) => [seed, outcome, score, steps])).toEqual([
      [0, "abandoned", null, 1],
      [1, "abandoned", null, 1],
      [2, "harness_error", null, 1],
      [3, "cancelled", null, 1],
    ]);
  });

  test("again under the same name is stored in a run of its own, and the first time counts", async () => {
    const { store, results, sessions } = recorded();
    for (const agent of ["a", "b", "a", "a"]) await play(sessions, 1, agent);
    const live = await sessions.open({ carrier: null, agent: "a" });
    live?.reset({ seed: 1, split: "all" });
    live?.step(LOOK);
    live?.release(); // takes nothing from what was scored
    await results.close();
    const runs = await store.runs();
    expect(runs.map(({ name }) => name)).toEqual(["served", "served, time 2", "served, time 3"]);
    const counts = await Promise.all(runs.map(async ({ runId }) => (await store.episodes({ runIds: [runId] })).length));
    expect(counts).toEqual([2, 1, 1]);
    expect((await store.latestRun())?.name).toBe("served");
  });

  test("with an action that cannot be stored is scored all the same", async () => {
    const { store, results, sessions, told } = recorded();
    const live = await opened(sessions);
    live.reset({ seed: 1 });
    for (const action of [null, Infinity, "\ud800", { a: [-0] }, "x".repeat(70_000), "escalate(me)"]) live.step(action);
    await results.close();
    const [episode] = await store.episodes();
    expect(episode).toMatchObject({ outcome: "failure", steps: 6, invalidActions: 5, trajectorySha256: null });
    expect(told).toEqual([]);
  });
});

describe("a store that fails", () => {
  test("stops no episode: results wait, and are saved once there is room", async () => {
    const { store, fill, free } = onDisk();
    const { results, sessions, told } = recorded(store);
    await play(sessions, 0);
    await expect.poll(async () => (await store.episodes()).length).toBe(1);
    fill();
    for (let seed = 1; seed < 60; seed += 1) await play(sessions, seed);
    await expect.poll(() => results.saving()).toBe(false);
    expect(told).toEqual([expect.stringMatching(/^Results cannot be saved, and wait: .*disk is full/)]);
    free();
    await expect.poll(() => results.saving(), { timeout: 5000 }).toBe(true);
    expect(told.at(-1)).toBe("Results are saved again.");
    await expect.poll(async () => (await store.episodes()).length).toBe(60);
    await results.close();
    expect((await store.episodes()).map(({ seed }) => seed)).toEqual(Array.from({ length: 60 }, (_, seed) => seed));
  });

  test("that stays full loses what it was told, and says how much", async () => {
    const { store, fill } = onDisk();
    const { results, sessions, told } = recorded(store);
    await play(sessions, 0);
    await expect.poll(async () => (await store.episodes()).length).toBe(1);
    fill();
    for (let seed = 1; seed < 60; seed += 1) await play(sessions, seed);
    await results.close();
    const saved = (await store.episodes()).length;
    expect(told.join("\n")).toContain(`${60 - saved} results were not saved.`);
  });

  test("of one bad result gives up that one alone", async () => {
    const store = openMemoryStore();
    const picky: ResultStore = {
      ...store,
      recordEpisodes: async (runId, played) => {
        const bad = played.episodes.some(({ slot }) => slot.seed === 3);
        const episodes = bad
          ? [{ ...played.episodes[0], slot: { ...played.episodes[0]?.slot, seed: -1 } }]
          : played.episodes;
        return store.recordEpisodes(runId, { ...played, episodes: episodes as typeof played.episodes });
      },
    };
    const { results, sessions, told } = recorded(picky);
    for (let seed = 0; seed < 6; seed += 1) await play(sessions, seed);
    await results.close();
    expect((await store.episodes()).map(({ seed }) => seed)).toEqual([0, 1, 2, 4, 5]);
    expect(told).toEqual([expect.stringMatching(/^A result was not saved: .*seed/)]);
  });
});
