import type { Database } from "better-sqlite3";
import { asResultStore } from "../engine.ts";
import { recordPlayed } from "../played.ts";
import type { PlayedEpisodes } from "../played.ts";
import type { ResultStore } from "../store.ts";
import { callStatements } from "./calls.ts";
import { episodeStatements } from "./episodes.ts";
import { asStoreError } from "./errors.ts";
import { openDatabase } from "./open.ts";
import { runStatements } from "./runs.ts";
import { slotStatements } from "./slots.ts";

/**
 * Results in a SQLite file. Runners of several processes may share it; a server, a report or a `watch` beside them
 * opens it with `readOnly`, and then every write rejects with READ_ONLY.
 * Rejects as `openDatabase` throws.
 */
export async function openSqliteStore(path: string, options: { readOnly?: boolean } = {}): Promise<ResultStore> {
  return sqliteStore(openDatabase(path, options));
}

/** Results in an open database, which closes with the store. */
export function sqliteStore(db: Database): ResultStore {
  const parts = { ...runStatements(db), ...slotStatements(db), ...episodeStatements(db), ...callStatements(db) };
  const record = db.transaction((runId: string, played: PlayedEpisodes) => recordPlayed(parts, runId, played));
  const engine = {
    ...parts,
    recordEpisodes: (runId: string, played: PlayedEpisodes) => record.immediate(runId, played),
  };
  const close = () => {
    if (!db.readonly) db.pragma("wal_checkpoint(TRUNCATE)");
    db.close();
  };
  return asResultStore(engine, { close, translate: asStoreError });
}
