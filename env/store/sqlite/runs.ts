import type { Database, Statement } from "better-sqlite3";
import { assertSameSuite } from "../conflicts.ts";
import type { Engine } from "../engine.ts";
import { RunEventRecord } from "../episode-records.ts";
import { StoreError } from "../errors.ts";
import { RunAmendment, RunRecord, RunStop, SuiteRecord } from "../plan-records.ts";
import type { NewRun, NewSuite } from "../plan-records.ts";
import { encodeRow } from "../rows.ts";
import type { Row } from "../rows.ts";
import { Moment } from "../values.ts";
import { insert, reader } from "./statements.ts";

/** Runs from creation to deletion, their suites, and their events. */
export function runStatements(db: Database) {
  const insertSuite = insert(db, "suite", SuiteRecord);
  const insertRun = insert(db, "run", RunRecord);
  const insertEvent = insert(db, "run_event", RunEventRecord);
  const suite = reader(db, "suite", SuiteRecord, "SELECT * FROM suite WHERE suite = ? AND version = ?");
  const run = reader(db, "run", RunRecord, "SELECT * FROM run WHERE run_id = ?");
  const runs = reader(db, "run", RunRecord, "SELECT * FROM run ORDER BY created_at DESC, run_id DESC");
  const latest = reader(db, "run", RunRecord, "SELECT * FROM run ORDER BY created_at DESC, run_id DESC LIMIT 1");
  const events = reader(db, "run_event", RunEventRecord, "SELECT * FROM run_event WHERE run_id = ? ORDER BY event_id");
  const start = db.prepare<[Row]>(`UPDATE run SET status = 'running', reason = NULL, ended_at = NULL,
    started_at = coalesce(started_at, @at) WHERE run_id = @id`);
  const finish = db.prepare<[Row]>(`UPDATE run SET status = @status, reason = @reason,
    ended_at = iif(@status = 'paused', NULL, @at), owner_json = NULL, heartbeat_at = NULL
    WHERE run_id = @id AND (@token IS NULL OR owner_json ->> '$.token' = @token)`);
  const amend = db.prepare<[Row]>(
    "UPDATE run SET filter_json = @filter_json, trials = @trials, fingerprint = @fingerprint WHERE run_id = @id",
  );
  const remove = db.prepare("DELETE FROM run WHERE run_id = ?");

  const create = db.transaction((newRun: NewRun, newSuite: NewSuite) => {
    const known = suite.first(newSuite.suite, newSuite.version);
    if (known) assertSameSuite(known, newSuite);
    else insertSuite.run(encodeRow("suite", SuiteRecord, newSuite));
    if (run.first(newRun.runId)) throw new StoreError("RUN_EXISTS", `Run "${newRun.runId}".`);
    insertRun.run(encodeRow("run", RunRecord, { ...newRun, status: "planned" }));
  });
  const isKnown = db.prepare("SELECT 1 FROM run WHERE run_id = @id");
  const update = db.transaction((statement: Statement<[Row]>, values: Row) => {
    if (isKnown.get(values) === undefined) throw new StoreError("NOT_FOUND", `Run "${values["id"]}".`);
    return statement.run(values).changes > 0;
  });

  return {
    createRun: (newRun, newSuite) => create.immediate(newRun, newSuite),
    startRun: (runId, at) => void update.immediate(start, encodeRow("run", Moment, { id: runId, at })),
    finishRun: (runId, stop, token?: string) =>
      update.immediate(finish, { ...encodeRow("run", RunStop, stop), id: runId, token: token ?? null }),
    amendRun: (runId, amendment) =>
      void update.immediate(amend, { ...encodeRow("run", RunAmendment, amendment), id: runId }),
    deleteRun: (runId) => remove.run(runId).changes > 0,
    addEvent: (event) => void insertEvent.run(encodeRow("run_event", RunEventRecord, event)),
    events: (runId) => events.all(runId),
    suite: (name, version) => suite.first(name, version),
    run: (runId) => run.first(runId),
    runs: () => runs.all(),
    latestRun: () => latest.first(),
  } satisfies Partial<Engine>;
}
