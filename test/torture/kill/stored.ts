import Database from "better-sqlite3";
import { existsSync } from "node:fs";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import type { EpisodeEntry, ResultStore } from "../../../env/store/store.ts";
import { exportRows, rowsJsonl } from "../../../eval/export/rows.ts";
import { readEntries } from "../../../eval/report/entry.ts";

/** What a database holds of its newest run. */
export interface Stored {
  readonly runId: string | null;
  readonly status: string | null;
  readonly episodes: readonly EpisodeEntry[];
  /** Calls to models, by state. */
  readonly calls: Readonly<Record<string, number>>;
  /** The scored export: equal for equal results, in however many pieces they were played. */
  readonly scored: string;
}

const NOTHING: Stored = { runId: null, status: null, episodes: [], calls: {}, scored: "" };

/** @throws when the file is damaged */
export async function storedIn(file: string): Promise<Stored> {
  if (!existsSync(file)) return NOTHING;
  assertWhole(file);
  const store = await openSqliteStore(file).catch(() => null); // killed before there was a schema
  if (store === null) return NOTHING;
  try {
    return await read(store);
  } finally {
    await store.close();
  }
}

async function read(store: ResultStore): Promise<Stored> {
  const run = await store.latestRun();
  if (run === null) return NOTHING;
  const { runId, status } = run;
  const calls: Record<string, number> = {};
  for (const { state } of await store.calls({ runId })) calls[state] = (calls[state] ?? 0) + 1;
  const rows = exportRows(await readEntries(store, run), { full: false });
  return { runId, status, episodes: await store.episodes({ runIds: [runId] }), calls, scored: rowsJsonl(rows) };
}

function assertWhole(file: string): void {
  const db = new Database(file, { timeout: 5000 });
  try {
    const found = db.pragma("integrity_check", { simple: true });
    if (found !== "ok") throw new Error(`${file} is damaged: ${String(found)}`);
  } finally {
    db.close();
  }
}
