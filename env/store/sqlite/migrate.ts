import type { Database } from "better-sqlite3";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../errors.ts";

/** "ONCG", in the file's header: how a database of ours is told from others. */
export const APPLICATION_ID = 0x4f4e4347;

/** One numbered file. `version` is the `user_version` of a database that has it. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/** The files of `migrations/`, from 1 without a gap. Throws a RangeError when one is missing or misnamed. */
export function readMigrations(): Migration[] {
  const folder = join(import.meta.dirname, "migrations");
  const names = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  return names.toSorted().map((name, index) => {
    const version = index + 1;
    const expected = `${String(version).padStart(4, "0")}-`;
    if (!name.startsWith(expected)) throw new RangeError(`Expected a migration named ${expected}….sql, got ${name}.`);
    return { version, sql: readFileSync(join(folder, name), "utf8") };
  });
}

/** `user_version`: the number of the last migration that the file has. */
export const schemaVersion = (db: Database): number => db.pragma("user_version", { simple: true }) as number;

/**
 * Brings the database to the newest version, one transaction for each file, after a backup beside it unless it is new.
 * Several processes may do so at once: each file runs once. Throws StoreError TOO_NEW, having written nothing.
 */
export function migrate(db: Database, migrations: readonly Migration[]): void {
  const from = schemaVersion(db);
  assertNotNewer(db.name, from, migrations);
  if (from > 0 && from < migrations.length) backUp(db, `${db.name}.v${from}.bak`);
  for (const { version, sql } of migrations) {
    const apply = db.transaction(() => {
      if (schemaVersion(db) >= version) return;
      db.exec(sql);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${version}`);
    });
    apply.immediate();
  }
}

/** Throws StoreError TOO_NEW when the file has a migration that this build does not know. */
export function assertNotNewer(file: string, version: number, migrations: readonly Migration[]): void {
  if (version <= migrations.length) return;
  throw new StoreError("TOO_NEW", `${file} has schema ${version}, this build knows up to ${migrations.length}.`);
}

/** A copy of the whole database. Written aside and renamed, so that a name without `.tmp` is a complete copy. */
function backUp(db: Database, path: string): void {
  if (existsSync(path)) return;
  const unfinished = `${path}.${process.pid}.tmp`;
  rmSync(unfinished, { force: true });
  closeSync(openSync(unfinished, "wx", 0o600)); // SQLite takes an empty file as it is; its own would be 0644
  db.prepare("VACUUM INTO ?").run(unfinished);
  renameSync(unfinished, path);
}
