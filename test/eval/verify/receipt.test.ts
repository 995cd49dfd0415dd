import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import type { RunRecord } from "../../../env/store/store.ts";
import { leaderboardCommand } from "../../../eval/cli/commands/leaderboard.ts";
import { databaseHash, readReceipt, writeReceipt } from "../../../eval/verify/receipt.ts";
import { verifyRun } from "../../../eval/verify/verify.ts";
import type { Verification } from "../../../eval/verify/verify.ts";
import { playedDatabase } from "./played.ts";
import { said } from "./said.ts";

let database: Awaited<ReturnType<typeof playedDatabase>>;
let verification: Verification;
beforeAll(async () => {
  database = await playedDatabase({ taskIds: ["inc-117"] });
  const store = await openSqliteStore(database.file, { readOnly: true });
  verification = await verifyRun(store, (await store.run(database.runId)) as RunRecord);
  await store.close();
});
afterAll(() => database.remove());

const replayed = (salt = "") => ({ database: database.file, runId: database.runId, salt });
const newFile = (name: string): string => join(database.folder, "receipts", name);
const hash = (): string => databaseHash(database.file);

/** Changes a score behind the store's back for as long as `body` takes. */
async function withTampered(body: () => unknown): Promise<void> {
  const file = new Database(database.file);
  const change = file.prepare("UPDATE episode SET score = ? WHERE rowid = 1");
  const before = file.prepare("SELECT score FROM episode WHERE rowid = 1").pluck().get();
  change.run(0.4321);
  await body();
  change.run(before);
  file.close();
}

test("what was replayed is known again while no byte has changed", () => {
  const file = newFile("kept.json");
  expect(readReceipt(file, replayed(), hash())).toBeNull();
  writeReceipt(file, verification, replayed(), hash());
  expect(readReceipt(file, replayed(), hash())).toEqual(verification);
});

test("a change that only the write-ahead log holds makes it void", async () => {
  const file = newFile("changed.json");
  writeReceipt(file, verification, replayed(), hash());
  await withTampered(() => expect(readReceipt(file, replayed(), hash())).toBeNull());
});

test("it speaks of one run under one salt", () => {
  const file = newFile("other.json");
  writeReceipt(file, verification, replayed(), hash());
  expect(readReceipt(file, replayed("salt"), hash())).toBeNull();
  expect(readReceipt(file, { ...replayed(), runId: "another" }, hash())).toBeNull();
});

test("a run that is not sound, and one that was written to meanwhile, get none", () => {
  const mismatch = { episodeId: "x", variant: "random", taskId: "inc-117", seed: 1, problems: [] };
  writeReceipt(newFile("unsound.json"), { ...verification, mismatches: [mismatch] }, replayed(), hash());
  expect(readReceipt(newFile("unsound.json"), replayed(), hash())).toBeNull();
  writeReceipt(newFile("late.json"), verification, replayed(), "ab".repeat(32));
  expect(readReceipt(newFile("late.json"), replayed(), "ab".repeat(32))).toBeNull();
});

test.each(["", "{", "null", "[]", '{"format":"oncall-gym/receipt@1"}'])("a file that holds %j is none", (text) => {
  writeReceipt(newFile("odd.json"), verification, replayed(), hash());
  writeFileSync(newFile("odd.json"), text);
  expect(readReceipt(newFile("odd.json"), replayed(), hash())).toBeNull();
});

test("the receipt of another version is none", () => {
  const file = newFile("older.json");
  writeReceipt(file, verification, replayed(), hash());
  const older = { ...(JSON.parse(readFileSync(file, "utf8")) as object), env_version: "0.9.0" };
  writeFileSync(file, JSON.stringify(older));
  expect(readReceipt(file, replayed(), hash())).toBeNull();
});

test("a leaderboard says the same from a receipt, and finds what was changed after it", async () => {
  const board = async (): Promise<string> => (await said(leaderboardCommand, ["--db", database.file])).out;
  const first = await board();
  expect(readReceipt(join(database.folder, database.runId, "replayed.json"), replayed(), hash())).not.toBeNull();
  expect(await board()).toBe(first);
  expect(first).not.toContain("L10");
  await withTampered(async () => expect(await board()).toContain("L10  Episodes that replay otherwise"));
});
