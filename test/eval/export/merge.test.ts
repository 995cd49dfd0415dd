import Database from "better-sqlite3";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Backend } from "../../../env/store/backend.ts";
import { mergeFiles } from "../../../env/store/sqlite/merge.ts";
import { openSqliteBackend } from "../../../env/store/sqlite/results.ts";
import type { ResultStore, RunRecord } from "../../../env/store/store.ts";
import { mergeCommand } from "../../../eval/cli/commands/merge.ts";
import { isSound, verifyRun } from "../../../eval/verify/verify.ts";
import { addCalls, newDatabase, playInto } from "../verify/played.ts";
import { readingWiring, said, saidJson } from "../verify/said.ts";

const RUN = "20261120-120000-0001";
const folders: (() => void)[] = [];
afterAll(() => folders.forEach((remove) => remove()));

let here: string;
let there: string;
beforeEach(() => {
  [here, there] = [newDatabase(), newDatabase()].map(({ file, remove }) => {
    folders.push(remove);
    return file;
  }) as [string, string];
});

async function within<Result>(
  file: string,
  body: (store: ResultStore, backend: Backend) => Promise<Result>,
): Promise<Result> {
  const backend = await openSqliteBackend(file);
  try {
    return await body(backend.results, backend);
  } finally {
    await backend.close();
  }
}

/** Plays a part of a run's tasks. */
const playShard = (file: string, taskId: string) =>
  within(file, (_, backend) => playInto(backend, { runId: RUN, taskIds: [taskId] }));

const contents = (file: string): unknown => {
  const db = new Database(file, { readonly: true });
  const tables = ["suite", "task_spec", "variant", "run", "slot", "episode", "step", "run_event", "provider_call"];
  const rows = tables.map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all());
  db.close();
  return rows;
};

const change = (file: string, sql: string): void => {
  const db = new Database(file);
  db.exec(sql);
  db.close();
};

describe("merging", () => {
  test("brings a run whole, and twice does no harm", async () => {
    await within(there, async (store, backend) => {
      const runId = await playInto(backend, { runId: RUN });
      const [first] = await store.episodes();
      await addCalls(store, runId, [{ episodeId: first?.episodeId ?? "", requestNo: 1, end: {} }]);
      await store.addEvent({ runId, at: 5, type: "pause", data: {} });
    });
    expect(mergeFiles(here, [there])).toEqual([{ file: there, runs: 1, slots: 9, episodes: 9, already: 0 }]);
    expect(contents(here)).toEqual(contents(there));
    const once = contents(here);
    expect(mergeFiles(here, [there])).toEqual([{ file: there, runs: 0, slots: 0, episodes: 0, already: 9 }]);
    expect(contents(here)).toEqual(once);
    await within(here, async (store) => {
      expect(isSound(await verifyRun(store, (await store.run(RUN)) as RunRecord))).toBe(true);
    });
  });

  test("keeps what is there and adds another run beside it", async () => {
    await within(here, (_, backend) => playInto(backend, { runId: RUN }));
    await within(there, (_, backend) => playInto(backend, { runId: "20261120-120001-0002", baseSeed: 1 }));
    mergeFiles(here, [there]);
    const runs = await within(here, (store) => store.runs());
    expect(runs.map(({ runId }) => runId).toSorted()).toEqual([RUN, "20261120-120001-0002"]);
  });

  test("joins the shards of one run", async () => {
    await playShard(here, "inc-117");
    await playShard(there, "inc-123");
    const plan = "UPDATE run SET fingerprint = 'of the whole run', filter_json = '{}'";
    change(here, plan);
    change(there, plan);
    expect(mergeFiles(here, [there])).toMatchObject([{ runs: 0, slots: 3, episodes: 3 }]);
    await within(here, async (store) => {
      expect(await store.slots(RUN, "scored")).toHaveLength(6);
      expect(await store.run(RUN)).toMatchObject({ status: "complete" });
      expect((await store.episodes({ finalOnly: true })).length).toBe(6);
      expect(isSound(await verifyRun(store, (await store.run(RUN)) as RunRecord))).toBe(true);
    });
  });

  test("brings a later attempt at a slot whose first is here already", async () => {
    await within(there, (_, backend) => playInto(backend, { runId: RUN, agents: "expert" }));
    mergeFiles(here, [there]);
    // As it was before the slot was played again: the first attempt lost.
    const lost = "UPDATE episode SET outcome = 'provider_error', score = NULL WHERE attempt = 1";
    for (const file of [here, there])
      change(file, `${lost}; UPDATE slot SET state = 'unscored'; UPDATE run SET status = 'halted'`);
    await within(there, async (store) => {
      const [slot] = await store.slots(RUN);
      await store.reopenSlot(slot?.slotId ?? "");
      const started = await store.startEpisode(slot?.slotId ?? "", 9);
      if (started.status !== "started") throw new Error("Expected a free slot.");
      const end = {
        outcome: "cancelled",
        invalidActions: 0,
        repeatedActions: 0,
        changes: 0,
        wrongChanges: 0,
        distractorChanges: 0,
      } as const;
      await store.commitEpisode({
        ...end,
        episodeId: started.episodeId,
        providerCalls: 0,
        providerFailures: 0,
        costComplete: true,
        endedAt: 10,
        steps: [],
      });
    });
    expect(mergeFiles(here, [there])).toMatchObject([{ episodes: 1, already: 3 }]);
    const [slot] = await within(here, (store) => store.slots(RUN));
    expect(slot).toMatchObject({ attempts: 2, state: "unscored" });
  });

  test.each([
    [
      "another manifest under the same version",
      `UPDATE suite SET manifest_sha256 = '${"0".repeat(64)}'`,
      "SUITE_CHANGED",
    ],
    [
      "another task under the same version",
      `PRAGMA foreign_keys = OFF; UPDATE task_spec SET spec_hash = '${"0".repeat(64)}' WHERE task_id = 'inc-117'`,
      "SUITE_CHANGED",
    ],
    ["another fingerprint of the run", "UPDATE run SET fingerprint = 'other'", "CONSTRAINT"],
    ["other versions of the run", `UPDATE run SET versions_json = '{"env":"0.9.0"}'`, "CONSTRAINT"],
    ["another score of an attempt", "UPDATE episode SET score = 0.123 WHERE score > 0.9", "CONSTRAINT"],
  ])("refuses a file with %s, and keeps nothing of it", async (_, sql, errorCode) => {
    await within(here, (_store, backend) => playInto(backend, { runId: RUN }));
    await within(there, (_store, backend) => playInto(backend, { runId: RUN }));
    change(there, "UPDATE episode SET started_at = 0, ended_at = 0");
    change(here, "UPDATE episode SET started_at = 0, ended_at = 0");
    change(there, sql);
    const before = contents(here);
    expect(() => mergeFiles(here, [there])).toThrow(expect.objectContaining({ code: errorCode }));
    expect(contents(here)).toEqual(before);
  });

  test("never writes into the files that it reads, and takes no strange file", async () => {
    await within(there, (_, backend) => playInto(backend, { runId: RUN }));
    const before = contents(there);
    mergeFiles(here, [there]);
    expect(contents(there)).toEqual(before);
    const strange = join(here, "..", "strange.db");
    new Database(strange).exec("CREATE TABLE x (y)").close();
    expect(() => mergeFiles(here, [strange])).toThrow(expect.objectContaining({ code: "NOT_OURS" }));
  });

  test("a run that still runs there does not run here, and its running attempts stay away", async () => {
    await within(there, (_, backend) => playInto(backend, { runId: RUN, agents: "expert" }));
    change(
      there,
      `UPDATE run SET status = 'running', owner_json = '{"pid":1}';
       DELETE FROM step WHERE episode_id = (SELECT min(episode_id) FROM episode);
       UPDATE slot SET state = 'running', final_episode_id = NULL
         WHERE slot_id = (SELECT slot_id FROM episode WHERE episode_id = (SELECT min(episode_id) FROM episode));
       UPDATE episode SET outcome = NULL, score = NULL, ended_at = NULL WHERE episode_id = (SELECT min(episode_id) FROM episode)`,
    );
    expect(mergeFiles(here, [there])).toMatchObject([{ slots: 3, episodes: 2 }]);
    await within(here, async (store) => {
      expect(await store.run(RUN)).toMatchObject({ status: "paused", owner: null });
      expect(await store.slots(RUN, "pending")).toHaveLength(1);
    });
  });
});

describe("oncall merge", () => {
  const wiring = readingWiring({ mergeFiles });

  test("says what each file brought", async () => {
    await within(there, (_, backend) => playInto(backend, { runId: RUN }));
    expect(await saidJson(mergeCommand, [there, "--db", here], wiring)).toMatchObject([{ runs: 1, episodes: 9 }]);
    expect((await said(mergeCommand, [there, "--db", here], wiring)).out).toContain("had already");
  });

  test("refuses a file that is not there, and the database itself, before it makes anything", async () => {
    await expect(said(mergeCommand, ["nowhere.db", "--db", here], wiring)).rejects.toThrow(
      "There is no file nowhere.db.",
    );
    expect(existsSync(here)).toBe(false);
    await within(here, (_, backend) => playInto(backend, { runId: RUN, agents: "expert" }));
    await expect(said(mergeCommand, [here, "--db", here], wiring)).rejects.toThrow("is the database itself");
  });
});
