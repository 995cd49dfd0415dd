import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rngFor } from "../../../env/core/rng.ts";
import { StoreError } from "../../../env/store/errors.ts";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import type { RunRecord } from "../../../env/store/store.ts";
import { isSound, verifyRun } from "../../../eval/verify/verify.ts";
import { playedDatabase } from "./played.ts";
import { GUARDED, tamper } from "./tamper.ts";

const COLUMNS = Object.entries(GUARDED).flatMap(([table, columns]) => columns.map((column) => ({ table, column })));
const TAMPERED_ROWS = 100;

let database: Awaited<ReturnType<typeof playedDatabase>>;
beforeAll(async () => {
  database = await playedDatabase({ taskIds: ["inc-117", "inc-123"] });
});
afterAll(() => database.remove());

test("a changed value is found in each of 100 rows", { timeout: 180_000 }, async () => {
  const file = new Database(database.file);
  file.pragma("foreign_keys = OFF");
  const missed: string[] = [];
  for (let i = 0; i < TAMPERED_ROWS; i += 1) {
    const place = COLUMNS[i % COLUMNS.length] as (typeof COLUMNS)[number];
    const rows = file.prepare(`SELECT rowid FROM ${place.table} ORDER BY rowid`).pluck().all() as number[];
    const undo = tamper(file, place, rows, rngFor(i, "tamper", 0));
    if (undo === null) throw new Error(`No value of ${place.table}.${place.column} could be changed.`);
    if (await passes()) missed.push(undo.what);
    undo.restore();
  }
  expect(missed).toEqual([]);
  expect(await passes()).toBe(true);
  file.close();
});

test("two agents that swap their results are found", async () => {
  const file = new Database(database.file);
  const two = file
    .prepare(
      `SELECT a.slot_id AS a, b.slot_id AS b, a.variant_id AS ofA, b.variant_id AS ofB, a.seed AS seed
       FROM slot a JOIN slot b ON a.seed = b.seed AND a.spec_hash = b.spec_hash AND a.variant_id < b.variant_id LIMIT 1`,
    )
    .get() as { a: string; b: string; ofA: string; ofB: string; seed: number };
  const give = file.prepare("UPDATE slot SET variant_id = ?, seed = ? WHERE slot_id = ?");
  const swap = (ofA: string, ofB: string): void => {
    give.run(ofB, 0, two.a);
    give.run(ofA, two.seed, two.b);
    give.run(ofB, two.seed, two.a);
  };
  swap(two.ofA, two.ofB);
  expect(await passes()).toBe(false);
  swap(two.ofB, two.ofA);
  expect(await passes()).toBe(true);
  file.close();
});

test.each([
  ["a step", "step"],
  ["an episode", "episode"],
  ["a task", "task_spec"],
])("%s that is gone is missed", async (_, table) => {
  const file = new Database(database.file);
  file.pragma("foreign_keys = OFF");
  const rows = file.prepare(`SELECT rowid FROM ${table} ORDER BY rowid`).pluck().all();
  const row = file.prepare(`SELECT * FROM ${table} WHERE rowid = ?`).get(rows.at(-1)) as Record<string, unknown>;
  file.prepare(`DELETE FROM ${table} WHERE rowid = ?`).run(rows.at(-1));
  expect(await passes()).toBe(false);
  const columns = Object.keys(row).filter((column) => column !== "scored");
  file
    .prepare(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map((column) => `@${column}`).join(", ")})`,
    )
    .run(row);
  expect(await passes()).toBe(true);
  file.close();
});

/** Whether verification finds nothing. A row that no longer reads is a finding as well. */
async function passes(): Promise<boolean> {
  const store = await openSqliteStore(database.file, { readOnly: true });
  try {
    return isSound(await verifyRun(store, (await store.run(database.runId)) as RunRecord));
  } catch (error) {
    if (error instanceof StoreError && error.code === "UNREADABLE") return false;
    throw error;
  } finally {
    await store.close();
  }
}
