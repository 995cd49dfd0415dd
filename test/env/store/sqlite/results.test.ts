import Database from "better-sqlite3";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EpisodeRecord, RunEventRecord, StepRecord } from "../../../../env/store/episode-records.ts";
import {
  RunRecord,
  SlotRecord,
  SuiteRecord,
  TaskSpecRecord,
  VariantRecord,
} from "../../../../env/store/plan-records.ts";
import { GateRecord, ProviderCallRecord } from "../../../../env/store/provider-records.ts";
import { columnsOf } from "../../../../env/store/rows.ts";
import { openDatabase } from "../../../../env/store/sqlite/open.ts";
import { openSqliteStore, sqliteStore } from "../../../../env/store/sqlite/results.ts";
import type { ResultStore } from "../../../../env/store/store.ts";
import { aPlan, aRun, finished, planned, started, suite } from "../fixtures.ts";

let folder: string;
let file: string;
let store: ResultStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "oncall-results-"));
  file = join(folder, "oncall.db");
  store = await openSqliteStore(file);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** A look past the store, at the file itself. */
function raw<Result>(look: (db: Database.Database) => Result): Result {
  const db = new Database(file);
  try {
    return look(db);
  } finally {
    db.close();
  }
}

test.each([
  ["suite", SuiteRecord],
  ["task_spec", TaskSpecRecord],
  ["variant", VariantRecord],
  ["run", RunRecord],
  ["slot", SlotRecord],
  ["episode", EpisodeRecord],
  ["step", StepRecord],
  ["run_event", RunEventRecord],
  ["provider_call", ProviderCallRecord],
  ["gate", GateRecord],
] as const)("table %s has the columns of its record, nullable where the record is", (table, schema) => {
  const stored = raw((db) => db.pragma(`table_xinfo(${table})`)) as { name: string; notnull: number }[];
  const actual = stored.filter(({ name }) => name !== "event_id").map(({ name, notnull }) => [name, notnull === 0]);
  const expected = columnsOf(schema).map(({ column, nullable }) => [column, nullable]);
  expect(new Map(actual as [])).toEqual(new Map(expected as []));
});

test("the file itself refuses two running attempts at one slot", async () => {
  const [slot] = await planned(store, "r", aPlan(["random"], ["inc-101"]));
  await started(store, slot as string);
  const insert = "INSERT INTO episode (episode_id, slot_id, attempt, started_at) VALUES ('second', ?, 2, 0)";
  expect(() => raw((db) => db.prepare(insert).run(slot))).toThrow("UNIQUE constraint failed: episode.slot_id");
});

test("of two stores on one file, one gets the slot and one commits", async () => {
  const other = await openSqliteStore(file);
  const [slot] = await planned(store, "r", aPlan(["random"], ["inc-101"]));
  const episode = await started(other, slot as string);
  expect(await store.startEpisode(slot as string, 1)).toEqual({ status: "taken", state: "running" });
  expect(await other.commitEpisode(finished(episode))).toBe("inserted");
  expect(await store.commitEpisode(finished(episode))).toBe("duplicate");
  await other.close();
});

test("a reader beside a writer sees each commit and can change nothing", async () => {
  const reader = await openSqliteStore(file, { readOnly: true });
  expect(await reader.runs()).toEqual([]);
  const [slot] = await planned(store, "r", aPlan(["random"], ["inc-101"]));
  const episode = await started(store, slot as string);
  await store.commitEpisode(finished(episode));
  expect(await reader.episodes()).toMatchObject([{ episodeId: episode, outcome: "failure" }]);
  await expect(reader.createRun(aRun("s"), suite)).rejects.toMatchObject({ code: "READ_ONLY" });
  await expect(reader.deleteRun("r")).rejects.toMatchObject({ code: "READ_ONLY" });
  await reader.close();
  expect(await store.runs()).toHaveLength(1);
});

test("what was stored is there after closing and opening again", async () => {
  const [slot] = await planned(store, "r", aPlan(["random"], ["inc-101"]));
  const episode = await started(store, slot as string);
  await store.commitEpisode(finished(episode));
  const before = [await store.runs(), await store.slots("r"), await store.episodes(), await store.steps(episode)];
  await store.close();
  store = await openSqliteStore(file);
  expect([await store.runs(), await store.slots("r"), await store.episodes(), await store.steps(episode)]).toEqual(
    before,
  );
});

test("a row that was changed by hand is refused with its field", async () => {
  await store.createRun(aRun("r"), suite);
  raw((db) => db.exec("UPDATE run SET trials = -1"));
  await expect(store.runs()).rejects.toThrow(/run\.trials: .*changed by hand/s);
  expect((await store.health()).ok).toBe(false);
});

test("a full disk loses the record and nothing else, shows in health, and is forgotten when there is space", async () => {
  const [slot] = await planned(store, "r", aPlan(["random"], ["inc-101"]));
  const episode = await started(store, slot as string);
  const db = openDatabase(file);
  const full = sqliteStore(db);
  const large = finished(episode, { errorDetail: "x".repeat(100_000) });
  db.pragma(`max_page_count = ${String(db.pragma("page_count", { simple: true }))}`);
  await expect(full.commitEpisode(large)).rejects.toMatchObject({ code: "NOT_SAVED" });
  expect(await full.health()).toEqual({ ok: false, detail: expect.stringContaining("full") });
  expect(await full.episodes()).toMatchObject([{ outcome: null }]);
  expect(await full.steps(episode)).toEqual([]);
  db.pragma("max_page_count = 1000000");
  expect(await full.commitEpisode(large)).toBe("inserted");
  expect(await full.health()).toEqual({ ok: true });
  await full.close();
});
