import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openMemoryBackend } from "../../../env/store/memory.ts";
import { openSqliteBackend } from "../../../env/store/sqlite/results.ts";
import type { ResultStore } from "../../../env/store/store.ts";
import { importRun } from "../../../eval/checkpoint/import.ts";
import { repairCheckpoints } from "../../../eval/checkpoint/repair.ts";
import { aPlan, finished, planned, started } from "../../env/store/fixtures.ts";
import { episodeFiles, newFolder, playedWith, RUN, rowsOf, textIn } from "./played.ts";

let place: ReturnType<typeof newFolder>;
let folder: string;
beforeEach(() => {
  place = newFolder();
  folder = place.folder;
});
afterEach(() => place.remove());

const little = { agents: "random,expert", taskIds: ["inc-107", "inc-117"] };
const NAME = "episodes/inc-117.0.expert.1.json";

/** A run in which attempts ended in every way: spoilt and repeated, abandoned, scored, not begun. */
async function eventful(): Promise<ResultStore> {
  const { results: store, jobs } = openMemoryBackend();
  const [spoilt = "", died = "", fine = "", spoiltThenDied = "", rerun = ""] = await planned(
    store,
    RUN,
    aPlan(["a"], ["inc-1", "inc-2", "inc-3", "inc-4", "inc-5", "inc-6"]),
  );
  await store.startRun(RUN, 1_700_000_000_100);
  await store.addEvent({ runId: RUN, at: 1_700_000_000_200, type: "resume", data: { reopened: 1 } });
  const play = async (slot: string, changes = {}) => {
    await store.reopenSlot(slot);
    await store.commitEpisode(finished(await started(store, slot), changes));
  };
  const error = { outcome: "provider_error", terminalReason: null, score: null, steps: [] } as const;
  await play(spoilt, error);
  await play(spoilt);
  await play(fine, { outcome: "success", score: 1, costUusd: 7, checks: { diagnosis: true }, metrics: { x: 1 } });
  await play(spoiltThenDied, error);
  await store.reopenSlot(spoiltThenDied);
  await started(store, died);
  await started(store, spoiltThenDied);
  await store.recoverRun(RUN, 1_700_000_009_000);
  await play(died);
  await play(rerun);
  await jobs.rerun([rerun]);
  await play(rerun, { outcome: "success", score: 1 });
  await store.finishRun(RUN, { status: "halted", at: 1_700_000_010_000, reason: "No answer." });
  await repairCheckpoints(folder, RUN, store);
  return store;
}

/** All that a store has of the run, but for what only it can know. */
async function everything(store: ResultStore) {
  const entries = await store.episodes({ runIds: [RUN] });
  return {
    run: await store.run(RUN),
    suite: await store.suite("core", "1.0.0"),
    variants: await store.variants(RUN),
    taskSpecs: await store.taskSpecs(RUN),
    slots: (await store.slots(RUN)).map(({ state: _state, ...slot }) => slot), // pending or unscored: it is played again
    events: await store.events(RUN),
    entries,
    steps: await Promise.all(entries.map(({ episodeId }) => store.steps(episodeId))),
  };
}

describe("a run that the database does not know", () => {
  test("is rebuilt from its folder: what is exported of it is the same", async () => {
    const original = await playedWith(folder, little);
    const { results: store, jobs } = openMemoryBackend();
    expect(await importRun(folder, store, jobs)).toEqual({ runId: RUN, status: "imported", episodes: 4, problems: [] });
    expect(await rowsOf(store, false)).toEqual(await rowsOf(original, false));
    expect(await rowsOf(store)).toEqual(await rowsOf(original));
    expect(await everything(store)).toEqual(await everything(original));
  });

  test("is rebuilt with every attempt, event and state, in a file as in memory", async () => {
    const original = await eventful();
    for (const { results: store, jobs } of [
      openMemoryBackend(),
      await openSqliteBackend(join(folder, "..", "new.db")),
    ]) {
      expect(await importRun(folder, store, jobs)).toMatchObject({ status: "imported", episodes: 9, problems: [] });
      expect(await everything(store)).toEqual(await everything(original));
      await store.close();
    }
  });

  test("and that was being played when it was last written is paused", async () => {
    const { results: store } = openMemoryBackend();
    await planned(store, RUN, aPlan(["a"], ["inc-1"]));
    await store.startRun(RUN, 7);
    await repairCheckpoints(folder, RUN, store);
    const { results: rebuilt, jobs } = openMemoryBackend();
    await importRun(folder, rebuilt, jobs);
    expect(await rebuilt.run(RUN)).toMatchObject({ status: "paused", startedAt: 7, endedAt: null, owner: null });
  });

  test("is imported once: a second time changes nothing", async () => {
    await playedWith(folder, little);
    const { results: store, jobs } = openMemoryBackend();
    await importRun(folder, store, jobs);
    const before = await everything(store);
    expect(await importRun(folder, store, jobs)).toEqual({ runId: RUN, status: "known", episodes: 0, problems: [] });
    expect(await everything(store)).toEqual(before);
  });

  test("is completed after an import that was cut off anywhere", async () => {
    const original = await eventful();
    for (let call = 1; ; call += 1) {
      const { results: store, jobs } = openMemoryBackend();
      const isWhole = await importRun(folder, failingAt(call, store), jobs).then(
        () => true,
        () => false,
      );
      await importRun(folder, store, jobs);
      expect(await everything(store)).toEqual(await everything(original));
      if (isWhole) return;
    }
  });
});

describe("a file that cannot be used", () => {
  test.each<[string, (text: string) => string, RegExp]>([
    ["empty", () => "", /no JSON/],
    ["cut off", (text) => text.slice(0, 1000), /no JSON/],
    ["another run's", (text) => text.replace(RUN, "20261120-120000-0002"), /of run 20261120-120000-0002/],
    ["of an unknown version", (text) => text.replace("episode@1", "episode@2"), /^format: .*oncall-gym\/episode@1/],
    ["with a wrong number", (text) => text.replace(/"reward":[^,}]+/, '"reward":"much"'), /reward: expected number/],
    ["with a field too many", (text) => text.replace(/"valid":true/, '"valid":true,"extra":1'), /extra/],
    ["with a step too few", (text) => text.replace(/,"steps":(\d+),"terminal/, ',"steps":99,"terminal'), /steps are/],
    ["about another slot", (text) => text.replace(/"seed":\d+/, '"seed":1'), /its ids/],
    ["with an attempt that its name lacks", (text) => text.replace(/"attempt":1/, '"attempt":2'), /its ids/],
    ["with a score for nothing", (text) => text.replace('"outcome":"success"', '"outcome":"provider_error"'), /score/],
  ])("because it is %s loses its episode alone, and is named", async (_, spoilt, expected) => {
    const original = await playedWith(folder, little);
    const text = spoilt(textIn(folder, NAME));
    expect(text).not.toBe(textIn(folder, NAME));
    writeFileSync(join(folder, NAME), text);
    const { results: store, jobs } = openMemoryBackend();
    const { episodes, problems } = await importRun(folder, store, jobs);
    expect(episodes).toBe(3);
    expect(problems).toEqual([{ file: "inc-117.0.expert.1.json", problem: expect.stringMatching(expected) as string }]);
    const kept = (await rowsOf(original)).filter((row) => row["task_id"] !== "inc-117" || row["agent"] !== "expert");
    expect(await rowsOf(store)).toEqual(kept);
    const open = await store.slots(RUN, "pending");
    expect(open).toHaveLength(1);
  });

  test("a link, a folder and a file of another name in the folder of the episodes are not read", async () => {
    await playedWith(folder, little);
    const episodes = join(folder, "episodes");
    cpSync(join(folder, NAME), join(episodes, "copy.json"));
    rmSync(join(folder, NAME));
    symlinkSync(join(episodes, "copy.json"), join(folder, NAME));
    mkdirSync(join(episodes, "inc-117.0.x.1.json"));
    const { results: store, jobs } = openMemoryBackend();
    const { episodes: stored, problems } = await importRun(folder, store, jobs);
    expect(stored).toBe(3);
    expect(problems.map(({ file }) => file)).toEqual(["inc-117.0.expert.1.json", "inc-117.0.x.1.json"]);
  });

  test("of a first attempt leaves the second its number", async () => {
    const original = await eventful();
    rmSync(join(folder, "episodes", "inc-1.0.a.1.json"));
    const { results: store, jobs } = openMemoryBackend();
    await importRun(folder, store, jobs);
    expect(await rowsOf(store, false)).toEqual(await rowsOf(original, false));
    const outcomes = (await store.episodes({ taskIds: ["inc-1"] })).map(({ outcome, attempt }) => [attempt, outcome]);
    expect(outcomes).toEqual([
      [1, "abandoned"],
      [2, "failure"],
    ]);
  });
});

describe("a run.json that cannot be used is refused by name", () => {
  test.each<[string, (text: string) => string, RegExp]>([
    ["cut off", (text) => text.slice(0, 1000), /run\.json cannot be imported: it is no JSON/],
    [
      "of an unknown version",
      (text) => text.replace("run@1", "run@9"),
      /run\.json cannot be imported: format: .*run@1/,
    ],
    [
      "with a changed agent",
      (text) => text.replace('"harness_version":"1', '"harness_version":"9'),
      /agent ".+" is not the one/,
    ],
    ["with a wrong field", (text) => text.replace('"trials":1', '"trials":-1'), /run: run\.trials/],
  ])("when it is %s", async (_, spoilt, expected) => {
    await playedWith(folder, little);
    const before = textIn(folder, "run.json");
    writeFileSync(join(folder, "run.json"), spoilt(before));
    expect(textIn(folder, "run.json")).not.toBe(before);
    const { results: store, jobs } = openMemoryBackend();
    await expect(importRun(folder, store, jobs)).rejects.toThrow(expected);
    expect(await store.runs()).toEqual([]);
  });

  test("when there is none", async () => {
    const { results: store, jobs } = openMemoryBackend();
    await expect(importRun(folder, store, jobs)).rejects.toThrow(/run\.json cannot be imported: ENOENT/);
  });

  test("when the database has another run of its name, or other tasks under its version", async () => {
    await playedWith(folder, little);
    const { results: other, jobs } = openMemoryBackend();
    await planned(other, RUN, aPlan(["a"], ["inc-1"]));
    await expect(importRun(folder, other, jobs)).rejects.toThrow(`another run of the name ${RUN}`);
    const { results: changed } = openMemoryBackend();
    await planned(changed, "another", aPlan(["a"], ["inc-1"]));
    await expect(importRun(folder, changed, jobs)).rejects.toMatchObject({ code: "SUITE_CHANGED" });
    expect((await changed.runs()).map(({ runId }) => runId)).toEqual(["another"]);
  });
});

test("reading them changes no file", async () => {
  await playedWith(folder, little);
  const read = () => episodeFiles(folder).map((name) => readFileSync(join(folder, "episodes", name), "utf8"));
  const before = read();
  const { results: store, jobs } = openMemoryBackend();
  await importRun(folder, store, jobs);
  expect(read()).toEqual(before);
});

/** A store whose writes stop working at the n-th. */
function failingAt(call: number, store: ResultStore): ResultStore {
  const writes = [
    "createRun",
    "plan",
    "addEvent",
    "recoverRun",
    "startEpisode",
    "recordEpisodes",
    "startRun",
    "finishRun",
  ];
  let calls = 0;
  return new Proxy(store, {
    get: (target, name: string) => {
      const method = Reflect.get(target, name) as (...given: unknown[]) => unknown;
      if (!writes.includes(name)) return method;
      return (...given: unknown[]) => {
        calls += 1;
        if (calls >= call) throw new Error("killed");
        return method(...given);
      };
    },
  });
}
