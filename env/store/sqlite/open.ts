import Database from "better-sqlite3";
import { closeSync, existsSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { DurableHook } from "../durable.ts";
import { StoreError } from "../errors.ts";
import { asStoreError } from "./errors.ts";
import { APPLICATION_ID, assertNotNewer, migrate, readMigrations, schemaVersion } from "./migrate.ts";
import type { Migration } from "./migrate.ts";
import { watched } from "./watched.ts";

/** Steps of one episode lie on one or two pages of this size. In bytes; fixed when the file is made. */
const PAGE_SIZE = 16_384;

/** How long a writer waits for another. */
const BUSY_TIMEOUT_MS = 5_000;

/** Between two attempts at switching a new file to write-ahead logging. */
const WAL_RETRY_MS = 10;

/** Above this the log is cut back after a checkpoint, in bytes. */
const JOURNAL_SIZE_LIMIT = 67_108_864;

/**
 * Opens a database of results, creating or migrating it unless `readOnly`.
 * New folders get mode 0700 and new files 0600: trajectories may quote what a model was told.
 * Throws StoreError NOT_OURS, TOO_NEW, TOO_OLD, NO_WAL or CANNOT_OPEN; the first two leave the file as it was. BUSY or
 * NOT_SAVED where it cannot be created or migrated now.
 */
export function openDatabase(path: string, options: OpenOptions = {}): Database.Database {
  const { readOnly = false, migrations = readMigrations(), announce } = options;
  const file = resolve(path);
  try {
    const exists = existsSync(file) && statSync(file).size > 0;
    if (readOnly || exists) inspect(file, readOnly, migrations);
    else create(file);
    const db = connect(file, readOnly);
    if (readOnly) return db;
    return prepared(announce === undefined ? db : watched(db, announce), migrations);
  } catch (error) {
    const known = asStoreError(error);
    if (known instanceof StoreError) throw known;
    throw new StoreError("CANNOT_OPEN", `${file}: ${(error as Error).message}.`, { cause: error });
  }
}

export interface OpenOptions {
  readonly readOnly?: boolean;
  /** Other than those of this build: for tests. */
  readonly migrations?: readonly Migration[];
  /** Told each step towards the disk, just before it. Absent: the connection is the driver's own. */
  readonly announce?: DurableHook;
}

/**
 * Empties the log into the file, and closes. Where the disk or another process does not let it, the log stays beside the
 * file, and with it all that was committed.
 */
export function closeDatabase(db: Database.Database): void {
  try {
    if (!db.readonly) db.pragma("wal_checkpoint(TRUNCATE)");
  } catch (error) {
    const known = asStoreError(error);
    if (!(known instanceof StoreError && (known.code === "NOT_SAVED" || known.code === "BUSY"))) throw known;
  } finally {
    db.close();
  }
}

/** Looks at the versions through a connection that cannot write, since opening for writing already changes a file. */
function inspect(file: string, readOnly: boolean, migrations: readonly Migration[]): void {
  const { id, version, isEmpty } = header(file);
  if (id !== APPLICATION_ID && !isEmpty) throw new StoreError("NOT_OURS", `${file} has application id ${id}.`);
  assertNotNewer(file, version, migrations);
  if (readOnly && version < migrations.length) {
    throw new StoreError("TOO_OLD", `${file} has schema ${version}, this build reads ${migrations.length}.`);
  }
}

/** All of one moment, as another process may be filling a new file. */
function header(file: string) {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  const read = db.transaction(() => ({
    id: db.pragma("application_id", { simple: true }) as number,
    version: schemaVersion(db),
    isEmpty: db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined,
  }));
  try {
    return read();
  } finally {
    db.close();
  }
}

/** An empty file of the right mode; SQLite gives the same mode to the files that it makes beside it. */
export function create(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, "a", 0o600));
}

/** A connection with the settings that hold for one connection only, and so are made on every open. */
export function connect(file: string, readOnly: boolean): Database.Database {
  const db = new Database(file, { readonly: readOnly, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    assertSqlite(versionOf(db));
    if (!readOnly) db.pragma(`page_size = ${PAGE_SIZE}`);
    const mode = readOnly ? journalMode(db) : switchedToWal(db);
    if (mode !== "wal") throw new StoreError("NO_WAL", `${file} stays in journal mode ${mode}.`);
    db.pragma("synchronous = FULL"); // the driver makes it NORMAL on every open but the first
    db.pragma("foreign_keys = ON");
    db.pragma(`journal_size_limit = ${JOURNAL_SIZE_LIMIT}`);
    db.pragma("trusted_schema = OFF");
    assertFullySynchronous(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Of the SQLite that the driver brings. */
export function sqliteVersion(): string {
  const db = new Database(":memory:");
  try {
    return versionOf(db);
  } finally {
    db.close();
  }
}

const versionOf = (db: Database.Database): string =>
  db.prepare<[], string>("SELECT sqlite_version()").pluck().get() ?? "";

/** Older ones can lose what two connections commit at once. As a number: 3.51.3 is 3,051,003. */
const LEAST_SQLITE = 3_051_003;

/** Throws StoreError CANNOT_OPEN for a version of SQLite that is not safe to write with. */
export function assertSqlite(version: string): void {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  if (major * 1_000_000 + minor * 1000 + patch >= LEAST_SQLITE) return;
  throw new StoreError("CANNOT_OPEN", `Expected SQLite 3.51.3 or newer, got ${version}.`);
}

const journalMode = (db: Database.Database) => db.pragma("journal_mode", { simple: true }) as string;

/**
 * Asks for write-ahead logging. Of two processes that open a new file at once, SQLite refuses one there and then,
 * whatever the busy timeout; so it asks again for as long.
 */
function switchedToWal(db: Database.Database): string {
  for (let waitedMs = 0; ; waitedMs += WAL_RETRY_MS) {
    try {
      return db.pragma("journal_mode = WAL", { simple: true }) as string;
    } catch (error) {
      const isBusy = error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
      if (!isBusy || waitedMs >= BUSY_TIMEOUT_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAL_RETRY_MS);
    }
  }
}

function prepared(db: Database.Database, migrations: readonly Migration[]): Database.Database {
  try {
    migrate(db, migrations);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Read back, because SQLite ignores a setting that it does not take. 2 is FULL. */
function assertFullySynchronous(db: Database.Database): void {
  const level = db.pragma("synchronous", { simple: true });
  if (level !== 2) throw new StoreError("CANNOT_OPEN", `Expected synchronous = 2 (FULL), got ${String(level)}.`);
}
