import type { Database } from "better-sqlite3";
import type { DurableHook } from "../durable.ts";
import { asBackend } from "../engine.ts";
import type { Backend } from "../engine.ts";
import { recordPlayed } from "../played.ts";
import type { PlayedEpisodes } from "../played.ts";
import type { ResultStore } from "../store.ts";
import { callStatements } from "./calls.ts";
import { episodeStatements } from "./episodes.ts";
import { asStoreError } from "./errors.ts";
import { holdStatements } from "./holds.ts";
import { closeDatabase, openDatabase } from "./open.ts";
import { queueStatements } from "./queue.ts";
import { runStatements } from "./runs.ts";
import { slotStatements } from "./slots.ts";
import { operations } from "./watched.ts";

export interface SqliteOptions {
  readonly readOnly?: boolean;
  /** Told each step towards the disk as `operation:step`, such as `commitEpisode:commit`. Absent: nothing is watched. */
  readonly durable?: DurableHook;
}

/**
 * Results and their queue in a SQLite file. Runners of several processes may share it; a server, a report or a `watch`
 * beside them opens it with `readOnly`, and then every write rejects with READ_ONLY.
 * Rejects as `openDatabase` throws.
 */
export async function openSqliteBackend(path: string, options: SqliteOptions = {}): Promise<Backend> {
  const { readOnly = false, durable } = options;
  if (durable === undefined) return sqliteBackend(openDatabase(path, { readOnly }));
  const { announce, named } = operations(durable);
  return sqliteBackend(openDatabase(path, { readOnly, announce }), named);
}

/** The results alone. */
export const openSqliteStore = async (path: string, options: SqliteOptions = {}): Promise<ResultStore> =>
  (await openSqliteBackend(path, options)).results;

/** Results in an open database, which closes with the store. */
export const sqliteStore = (db: Database): ResultStore => sqliteBackend(db).results;

/** @param named marks which operation is under way */
function sqliteBackend(db: Database, named: <Methods extends object>(methods: Methods) => Methods = (all) => all) {
  const parts = {
    ...runStatements(db),
    ...holdStatements(db),
    ...slotStatements(db),
    ...queueStatements(db),
    ...episodeStatements(db),
    ...callStatements(db),
  };
  const record = db.transaction((runId: string, played: PlayedEpisodes) => recordPlayed(parts, runId, played));
  const engine = {
    ...parts,
    recordEpisodes: (runId: string, played: PlayedEpisodes) => record.immediate(runId, played),
  };
  const life = { close: () => closeDatabase(db) };
  return asBackend(named(engine), { ...named(life), translate: asStoreError });
}
