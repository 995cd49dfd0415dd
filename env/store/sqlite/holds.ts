import type { Database } from "better-sqlite3";
import type { Engine } from "../engine.ts";
import { StoreError } from "../errors.ts";
import { holdRow, refusedHold, RunHold } from "../holds.ts";
import type { Row } from "../rows.ts";
import { encodeRow } from "../rows.ts";
import type { HeldRun, HoldClaim, RefusedHold } from "../store.ts";
import { Moment } from "../values.ts";
import { attemptStatements } from "./attempts.ts";
import { reader } from "./statements.ts";

/** Which process has a run, and what becomes of what a dead one left. */
export function holdStatements(db: Database) {
  const attempts = attemptStatements(db);
  const holder = reader(db, "run", RunHold, "SELECT run_id, owner_json, heartbeat_at FROM run WHERE run_id = ?");
  const take = db.prepare<[Row]>(
    "UPDATE run SET owner_json = @owner_json, heartbeat_at = @heartbeat_at WHERE run_id = @run_id",
  );
  const beat = db.prepare<[Row]>(
    "UPDATE run SET heartbeat_at = @at WHERE run_id = @id AND owner_json ->> '$.token' = @token",
  );
  const left = db
    .prepare<[string], string>(
      "SELECT episode_id FROM slot JOIN episode USING (slot_id) WHERE run_id = ? AND outcome IS NULL",
    )
    .pluck();
  const loseCalls = db.prepare("UPDATE provider_call SET state = 'lost' WHERE run_id = ? AND state = 'in_flight'");

  const found = (runId: string) => {
    const run = holder.first(runId);
    if (run === null) throw new StoreError("NOT_FOUND", `Run "${runId}".`);
    return run;
  };
  const hold = db.transaction((runId: string, claim: HoldClaim): HeldRun | RefusedHold => {
    const refused = refusedHold(found(runId), claim);
    if (refused !== null) return refused;
    take.run(holdRow(runId, claim));
    return { status: "held" };
  });
  const recover = db.transaction((runId: string, at: number) => {
    found(runId);
    const abandoned = left.all(runId).filter((id) => attempts.abandon(id, at));
    return { episodes: abandoned.length, calls: loseCalls.run(runId).changes };
  });

  return {
    holdRun: (runId, claim) => hold.immediate(runId, claim),
    beatRun: (runId, token, at) => beat.run({ ...encodeRow("run", Moment, { id: runId, at }), token }).changes > 0,
    recoverRun: (runId, at) => recover.immediate(runId, encodeRow("run", Moment, { id: runId, at })["at"] as number),
  } satisfies Partial<Engine>;
}
