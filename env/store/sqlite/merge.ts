import type { Database } from "better-sqlite3";
import { StoreError } from "../errors.ts";
import { asStoreError } from "./errors.ts";
import { openDatabase } from "./open.ts";

/** What a file brought. */
export interface Merged {
  readonly file: string;
  readonly runs: number;
  readonly slots: number;
  readonly episodes: number;
  /** Attempts that were there already, and are the same. */
  readonly already: number;
}

/**
 * Copies everything that other files of results hold into one, which is made if need be: runs of their own, and the
 * shards of a run that was played in pieces. One transaction for each file. Whatever is there stays; what is equal is
 * passed over, so that merging twice adds nothing. Attempts that still run there are not copied.
 * Throws StoreError SUITE_CHANGED or CONSTRAINT when both hold something under one key that differs, and then nothing
 * of that file was kept; as `openDatabase` for a file that is none of ours, or of another schema.
 */
export function mergeFiles(path: string, sources: readonly string[]): Merged[] {
  const target = openDatabase(path);
  try {
    return sources.map((file) => {
      const source = openDatabase(file, { readOnly: true });
      try {
        return target.transaction(() => ({ file, ...mergeAll(new Merger(target, source)) })).immediate();
      } finally {
        source.close();
      }
    });
  } catch (error) {
    throw asStoreError(error);
  } finally {
    target.pragma("wal_checkpoint(TRUNCATE)");
    target.close();
  }
}

function mergeAll(merger: Merger): Omit<Merged, "file"> {
  merger.copyNew("suite", ["suite", "version"], ["manifest_sha256"]);
  merger.copyNew("task_spec", ["suite", "task_id", "spec_version"], ["spec_hash"]);
  merger.copyNew("variant", ["variant_id"], []);
  const runs = merger.copyNew("run", ["run_id"], ["fingerprint", "versions_json", "salt_sha256"], NOT_OWNED);
  const slots = merger.copyNew("slot", ["slot_id"], ["trial"], NOT_PLAYED);
  const episodes = merger.copyAttempts();
  merger.settleRuns();
  merger.copyEvents();
  merger.copyCalls();
  return { runs, slots, ...episodes };
}

type Row = Record<string, string | number | null>;

/** Whoever plays a run there does not play it here. */
const NOT_OWNED: Row = { owner_json: null, heartbeat_at: null };

/** A slot arrives as one that nobody has played; its attempts say what it is. */
const NOT_PLAYED: Row = { state: "pending", attempts: 0, final_episode_id: null };

/** Columns of an attempt that say whether two of one key are the same. */
const MEASURED = ["slot_id", "attempt", "outcome", "score", "trajectory_sha256", "started_at", "ended_at"];

/** Rows on their way from one file to another. Both have the same schema, and so the same columns. */
class Merger {
  readonly #target: Database;
  readonly #source: Database;

  constructor(target: Database, source: Database) {
    this.#target = target;
    this.#source = source;
  }

  /**
   * Copies the rows of a table whose key is not there yet.
   * @param same columns that must be equal where the key is
   * @returns how many were copied
   */
  copyNew(table: string, key: readonly string[], same: readonly string[], changes: Row = {}): number {
    const known = this.#lookUp(table, key);
    let copied = 0;
    for (const row of this.#rows(`SELECT * FROM ${table}`)) {
      const stored = known(row);
      if (stored !== undefined) refuseDifferent(table, key, same, row, stored);
      else {
        this.#insert(table, { ...row, ...changes });
        copied += 1;
      }
    }
    return copied;
  }

  /** Copies attempts that have ended, with their steps, and gives their slots what follows from them. */
  copyAttempts(): Pick<Merged, "episodes" | "already"> {
    const known = this.#lookUp("episode", ["episode_id"]);
    const settle = this.#target.prepare(SETTLE_SLOT);
    const counted = { episodes: 0, already: 0 };
    for (const { scored: _computed, ...row } of this.#rows("SELECT * FROM episode WHERE outcome IS NOT NULL")) {
      const stored = known(row);
      if (stored !== undefined) {
        refuseDifferent("episode", ["episode_id"], MEASURED, row, stored);
        counted.already += 1;
        continue;
      }
      this.#insert("episode", row);
      for (const step of this.#rows("SELECT * FROM step WHERE episode_id = @episode_id", row)) {
        this.#insert("step", step);
      }
      settle.run({ slotId: row["slot_id"] });
      counted.episodes += 1;
    }
    return counted;
  }

  /** A run is complete when one of its pieces is, and nothing is open any more; none runs because it runs elsewhere. */
  settleRuns(): void {
    const known = this.#lookUp("run", ["run_id"]);
    const open = this.#target.prepare("SELECT 1 FROM slot WHERE run_id = @run_id AND state IN ('pending', 'running')");
    const update = this.#target.prepare(`UPDATE run SET status = @status, reason = @reason, owner_json = NULL,
      heartbeat_at = NULL, ended_at = iif(@status = 'paused', NULL, max(ended_at, coalesce(@ended_at, 0)))
      WHERE run_id = @run_id`);
    for (const row of this.#rows("SELECT run_id, status, reason, ended_at FROM run")) {
      const stored = known(row);
      if (stored === undefined || (stored["status"] === "running" && stored["owner_json"] !== null)) continue;
      const isDone = [row["status"], stored["status"]].includes("complete") && open.get(row) === undefined;
      const isOpen = ["running", "planned", "complete"].includes(String(row["status"]));
      const paused = { status: "paused", reason: "merged before all of it was played" };
      update.run({ ...row, ...(isDone ? { status: "complete", reason: null } : isOpen ? paused : {}) });
    }
  }

  copyEvents(): void {
    const columns = ["run_id", "at", "type", "data_json"];
    const known = this.#lookUp("run_event", columns);
    for (const row of this.#rows(`SELECT ${columns.join(", ")} FROM run_event ORDER BY event_id`)) {
      if (known(row) === undefined) this.#insert("run_event", row);
    }
  }

  /** Calls that are over, of runs and attempts as far as these are here. */
  copyCalls(): void {
    const known = this.#lookUp("provider_call", ["call_id"]);
    const episode = this.#lookUp("episode", ["episode_id"]);
    for (const row of this.#rows("SELECT * FROM provider_call WHERE state <> 'in_flight'")) {
      if (known(row) !== undefined) continue;
      this.#insert("provider_call", episode(row) === undefined ? { ...row, episode_id: null } : row);
    }
  }

  #rows(sql: string, bound: Row = {}): Iterable<Row> {
    return this.#source.prepare<[Row], Row>(sql).iterate(bound);
  }

  #lookUp(table: string, key: readonly string[]): (row: Row) => Row | undefined {
    const where = key.map((column) => `${column} = @${column}`).join(" AND ");
    const statement = this.#target.prepare<[Row], Row>(`SELECT * FROM ${table} WHERE ${where}`);
    return (row) => statement.get(row);
  }

  #insert(table: string, row: Row): void {
    const columns = Object.keys(row);
    const values = columns.map((column) => `@${column}`);
    this.#target.prepare(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${values.join(", ")})`).run(row);
  }
}

/** The last attempt that ended counts; a slot that someone plays here stays theirs. */
const SETTLE_SLOT = `UPDATE slot SET
  attempts = (SELECT count(*) FROM episode WHERE episode.slot_id = slot.slot_id),
  (final_episode_id, state) = (SELECT episode_id, iif(scored, 'scored', 'unscored') FROM episode
    WHERE episode.slot_id = slot.slot_id AND outcome IS NOT NULL ORDER BY attempt DESC LIMIT 1)
  WHERE slot_id = @slotId AND state <> 'running'`;

/** Two things under one key would be pooled. */
function refuseDifferent(table: string, key: readonly string[], same: readonly string[], row: Row, stored: Row): void {
  const differing = same.find((column) => row[column] !== stored[column]);
  if (differing === undefined) return;
  const name = key.map((column) => `${row[column]}`).join(" ");
  const code = table === "suite" || table === "task_spec" ? "SUITE_CHANGED" : "CONSTRAINT";
  const [here, there] = [stored[differing], row[differing]].map((value) => `${value}`.slice(0, 80));
  throw new StoreError(code, `${table} ${name}: ${differing} is stored as ${here}, the file has ${there}.`);
}
