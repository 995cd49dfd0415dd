import Database from "better-sqlite3";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { APPLICATION_ID, readMigrations } from "../../../../env/store/sqlite/migrate.ts";
import { openDatabase } from "../../../../env/store/sqlite/open.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "oncall-open-"));
  file = join(folder, "runs", "oncall.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

const mode = (path: string) => statSync(path).mode & 0o777;

/** Changes the file past our own opening of it, as another program would. */
function tamper(sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

test("every open, not the first alone, is fully synchronous, checks references and distrusts the schema", () => {
  for (let open = 1; open <= 2; open += 1) {
    const db = openDatabase(file);
    const settings = ["journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema"];
    const values = settings.map((name) => db.pragma(name, { simple: true }));
    expect(values).toEqual(["wal", 2, 1, 5000, 0]);
    expect(db.pragma("journal_size_limit", { simple: true })).toBe(67_108_864);
    db.close();
  }
});

test("the header says whose file it is and of which version", () => {
  const db = openDatabase(file);
  expect(db.pragma("application_id", { simple: true })).toBe(APPLICATION_ID);
  expect(db.pragma("user_version", { simple: true })).toBe(readMigrations().length);
  expect(db.pragma("page_size", { simple: true })).toBe(16_384);
  db.close();
});

test("a new folder and its files are for their owner only, a folder that was there keeps its mode", () => {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const before = mode(folder);
  const db = openDatabase(file);
  expect([mode(join(folder, "runs")), mode(file), mode(`${file}-wal`), mode(`${file}-shm`)]).toEqual([
    0o700, 0o600, 0o600, 0o600,
  ]);
  expect(mode(folder)).toBe(before);
  db.close();
});

test.each([
  ["a newer version", "PRAGMA user_version = 99", "TOO_NEW", /schema 99, this build knows up to \d/],
  ["another program's", "PRAGMA application_id = 7", "NOT_OURS", /application id 7/],
])("a file of %s is refused and left as it was", (_, sql, code, message) => {
  openDatabase(file).close();
  tamper(sql);
  const before = readFileSync(file);
  for (const readOnly of [true, false]) {
    expect(() => openDatabase(file, { readOnly })).toThrow(expect.objectContaining({ code }));
    expect(() => openDatabase(file, { readOnly })).toThrow(message);
  }
  expect(readFileSync(file).equals(before)).toBe(true);
});

test("what is no database, or not there to be read, is refused by name", () => {
  expect(() => openDatabase(file, { readOnly: true })).toThrow(expect.objectContaining({ code: "CANNOT_OPEN" }));
  expect(existsSync(file)).toBe(false);
  mkdirSync(join(folder, "runs"));
  writeFileSync(file, "no database at all, but long enough to be taken for one".repeat(20));
  expect(() => openDatabase(file)).toThrow(expect.objectContaining({ code: "CANNOT_OPEN" }));
});

test("a migration runs once, after a backup, and reading waits for it", () => {
  openDatabase(file).close();
  const version = readMigrations().length + 1;
  const migrations = [...readMigrations(), { version, sql: "CREATE TABLE later (x INTEGER) STRICT" }];
  expect(() => openDatabase(file, { readOnly: true, migrations })).toThrow(
    expect.objectContaining({ code: "TOO_OLD" }),
  );
  for (let open = 1; open <= 2; open += 1) {
    const db = openDatabase(file, { migrations });
    expect(db.pragma("user_version", { simple: true })).toBe(version);
    db.close();
  }
  const backup = new Database(`${file}.v${version - 1}.bak`, { readonly: true });
  expect(backup.pragma("user_version", { simple: true })).toBe(version - 1);
  expect(mode(`${file}.v${version - 1}.bak`)).toBe(0o600);
  backup.close();
});

test("a migration that fails leaves the version before it", () => {
  openDatabase(file).close();
  const broken = {
    version: readMigrations().length + 1,
    sql: "CREATE TABLE later (x INTEGER) STRICT; SELECT nonsense",
  };
  expect(() => openDatabase(file, { migrations: [...readMigrations(), broken] })).toThrow("nonsense");
  const db = openDatabase(file);
  expect(db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'later'").get()).toBeUndefined();
  db.close();
});
