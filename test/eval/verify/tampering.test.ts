import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pick, rngFor, wholeNumber } from "../../../env/core/rng.ts";
import type { Rng } from "../../../env/core/rng.ts";
import { StoreError } from "../../../env/store/errors.ts";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import type { RunRecord } from "../../../env/store/store.ts";
import { isSound, verifyRun } from "../../../eval/verify/verify.ts";
import { playedDatabase } from "./played.ts";

/** Columns that follow from the actions, or that derive the place of a result. */
const GUARDED = {
  step: ["action_json", "observation_sha256", "reward", "valid", "step"],
  episode: [
    "score",
    "outcome",
    "terminal_reason",
    "evidence_coverage",
    "steps",
    "invalid_actions",
    "repeated_actions",
    "changes",
    "wrong_changes",
    "distractor_changes",
    "premature_resolution",
    "checks_json",
    "metrics_json",
    "trajectory_sha256",
    "attempt",
  ],
  slot: ["seed", "trial", "spec_hash", "attempts", "state", "final_episode_id"],
  task_spec: ["spec_json", "difficulty", "spec_version"],
  variant: ["kind", "label", "harness_version"],
  suite: ["manifest_json", "manifest_sha256"],
} as const;

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
    const { table, column } = COLUMNS[i % COLUMNS.length] as (typeof COLUMNS)[number];
    const undo = tamper(file, table, column, rngFor(i, "tamper", 0));
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

/** Changes one value of one row, and says how to change it back. */
function tamper(file: Database.Database, table: string, column: string, rng: Rng) {
  const rows = file.prepare(`SELECT rowid FROM ${table} ORDER BY rowid`).pluck().all() as number[];
  const read = file.prepare(`SELECT ${column} FROM ${table} WHERE rowid = ?`).pluck();
  const write = file.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const row = pick(rng, rows);
    const before = read.get(row) as Value;
    const after = changed(column, before, rng, file);
    if (after === before || !isTaken(() => write.run(after, row))) continue;
    return { what: `${table}.${column}: ${before} -> ${after}`, restore: () => void write.run(before, row) };
  }
  throw new Error(`No value of ${table}.${column} could be changed.`);
}

type Value = string | number | null;
const MOST_TRIES = 200;

/** Whether the table's own checks let a change through: what they refuse never gets into the file. */
function isTaken(change: () => void): boolean {
  try {
    change();
    return true;
  } catch {
    return false;
  }
}

const REALS = ["reward", "score", "evidence_coverage"];

/** Another value of the same kind: a byte of a text, a neighbouring number, another word of a closed list. */
function changed(column: string, value: Value, rng: Rng, file: Database.Database): Value {
  if (column === "outcome") return value === "success" ? "failure" : "success";
  if (column === "state") return "unscored";
  if (column === "valid" || column === "premature_resolution") return value === 1 ? 0 : 1;
  if (column === "spec_hash")
    return pick(rng, file.prepare("SELECT spec_hash FROM task_spec").pluck().all() as string[]);
  if (typeof value === "string") return flipped(value, rng);
  if (value === null || !REALS.includes(column)) return (value ?? 0) + 1;
  return value >= 0.5 ? value - 1e-6 : value + 1e-6;
}

/** The text with one letter or digit changed to its neighbour. */
function flipped(text: string, rng: Rng): string {
  const places = Array.from({ length: text.length }, (_, i) => i).filter((i) => /[0-9a-z]/i.test(text[i] ?? ""));
  const at = places[wholeNumber(rng, 0, places.length - 1)] as number;
  const letter = text[at] as string;
  const next =
    letter === "9"
      ? "8"
      : letter === "f"
        ? "e"
        : letter === "z"
          ? "y"
          : String.fromCodePoint(letter.codePointAt(0)! + 1);
  return `${text.slice(0, at)}${next}${text.slice(at + 1)}`;
}
