import type { Database } from "better-sqlite3";
import type { DurableHook } from "../durable.ts";
import type { Row } from "../rows.ts";
import { asStoreError } from "./errors.ts";
import { MergedRows } from "./merge-rows.ts";
import { copyRuns, settleRuns } from "./merge-runs.ts";
import { closeDatabase, openDatabase } from "./open.ts";

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
 * @param durable told each step towards the disk, such as `merge:commit`
 */
export function mergeFiles(path: string, sources: readonly string[], durable?: DurableHook): Merged[] {
  const target = openDatabase(path, durable ? { announce: (step) => durable(`merge:${step}`) } : {});
  try {
    return sources.map((file) => ({ file, ...mergeFile(target, file) }));
  } catch (error) {
    throw asStoreError(error);
  } finally {
    closeDatabase(target);
  }
}

function mergeFile(target: Database, file: string): Omit<Merged, "file"> {
  const source = openDatabase(file, { readOnly: true });
  try {
    return target.transaction(() => mergeRows(new MergedRows(target, source))).immediate();
  } finally {
    source.close();
  }
}

function mergeRows(rows: MergedRows): Omit<Merged, "file"> {
  rows.copyNew("suite", ["suite", "version"], ["manifest_sha256"]);
  rows.copyNew("task_spec", ["suite", "task_id", "spec_version"], ["spec_hash"]);
  rows.copyNew("variant", ["variant_id"], []);
  const runs = copyRuns(rows);
  const slots = copySlots(rows);
  const episodes = copyAttempts(rows);
  copyEvents(rows);
  copyCalls(rows);
  settleRuns(rows);
  return { runs, slots, ...episodes };
}

/** Nobody plays here what is being played there. Of a slot that both have, the file with more attempts knows more. */
function copySlots(rows: MergedRows): number {
  const known = rows.lookUp("slot", ["slot_id"]);
  const update = rows.target.prepare(`UPDATE slot SET state = @state, attempts = @attempts,
    final_episode_id = @final_episode_id WHERE slot_id = @slot_id`);
  let copied = 0;
  for (const row of rows.of("slot")) {
    const arriving = row["state"] === "running" ? { ...row, state: "pending" } : row;
    const stored = known(row);
    if (stored === undefined) {
      rows.insert("slot", arriving);
      copied += 1;
      continue;
    }
    rows.assertSame("slot", ["slot_id"], ["trial"], row, stored);
    if (stored["state"] !== "running" && isNews(arriving, stored)) update.run(arriving);
  }
  return copied;
}

/** As many attempts, too, when one that was being played has ended since. */
function isNews(arriving: Row, stored: Row): boolean {
  const more = Number(arriving["attempts"]) - Number(stored["attempts"]);
  const counts = arriving["final_episode_id"];
  return more > 0 || (more === 0 && counts !== null && counts !== stored["final_episode_id"]);
}

/** Columns of an attempt that say whether two of one key are the same. */
const MEASURED = ["slot_id", "attempt", "outcome", "score", "trajectory_sha256", "started_at", "ended_at"];

/** Attempts that have ended, with their steps. */
function copyAttempts(rows: MergedRows): Pick<Merged, "episodes" | "already"> {
  const known = rows.lookUp("episode", ["episode_id"]);
  const counted = { episodes: 0, already: 0 };
  for (const { scored: _computed, ...row } of rows.of("episode", "WHERE outcome IS NOT NULL")) {
    const stored = known(row);
    if (stored !== undefined) {
      rows.assertSame("episode", ["episode_id"], MEASURED, row, stored);
      counted.already += 1;
      continue;
    }
    rows.insert("episode", row);
    for (const step of rows.of("step", "WHERE episode_id = @episode_id", row)) rows.insert("step", step);
    counted.episodes += 1;
  }
  return counted;
}

function copyEvents(rows: MergedRows): void {
  const known = rows.lookUp("run_event", ["run_id", "at", "type", "data_json"]);
  for (const { event_id: _own, ...row } of rows.of("run_event", "ORDER BY event_id")) {
    if (known(row) === undefined) rows.insert("run_event", row);
  }
}

/** Calls that are over, of runs and attempts as far as these are here. */
function copyCalls(rows: MergedRows): void {
  const known = rows.lookUp("provider_call", ["call_id"]);
  const episode = rows.lookUp("episode", ["episode_id"]);
  for (const row of rows.of("provider_call", "WHERE state <> 'in_flight'")) {
    if (known(row) !== undefined) continue;
    rows.insert("provider_call", episode(row) === undefined ? { ...row, episode_id: null } : row);
  }
}
