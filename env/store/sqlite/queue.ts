import type { Database } from "better-sqlite3";
import type { Engine } from "../engine.ts";
import { StoreError } from "../errors.ts";
import { assertHolds, RunHold } from "../holds.ts";
import { SlotRecord } from "../plan-records.ts";
import type { SlotState } from "../plan-records.ts";
import { ClaimBounds } from "../queue.ts";
import type { Claim, Lease } from "../queue.ts";
import { asStored, encodeRow } from "../rows.ts";
import type { Row } from "../rows.ts";
import { Moment } from "../values.ts";
import { attemptStatements } from "./attempts.ts";
import { reader } from "./statements.ts";

/** The slots as a queue of what is to be played. */
export function queueStatements(db: Database) {
  const attempts = attemptStatements(db);
  const holder = reader(db, "run", RunHold, "SELECT run_id, owner_json, heartbeat_at FROM run WHERE run_id = ?");
  const pending = reader(
    db,
    "slot",
    SlotRecord,
    `SELECT * FROM slot WHERE run_id = @runId AND state = 'pending'
     AND (@variantIds IS NULL OR variant_id IN (SELECT value FROM json_each(@variantIds)))
     ORDER BY ordinal, slot_id LIMIT @max`,
  );
  const isKnown = db.prepare("SELECT 1 FROM slot WHERE slot_id = ?");
  const reopen = db.prepare("UPDATE slot SET state = 'pending' WHERE slot_id = ? AND state = 'unscored'");
  const reopenAny = db.prepare(
    "UPDATE slot SET state = 'pending' WHERE slot_id = ? AND state IN ('unscored', 'scored')",
  );
  const beat = db.prepare<[Row]>(`UPDATE run SET heartbeat_at = @at WHERE owner_json ->> '$.token' = @worker
    AND run_id = (SELECT run_id FROM slot JOIN episode USING (slot_id) WHERE episode_id = @id AND outcome IS NULL)`);
  const count = db.prepare<[string], { state: SlotState; slots: number }>(
    "SELECT state, count(*) AS slots FROM slot WHERE run_id = ? GROUP BY state",
  );

  const makePending = db.transaction((slotIds: readonly string[], reopening: typeof reopen) => {
    const unknown = slotIds.find((id) => isKnown.get(id) === undefined);
    if (unknown !== undefined) throw new StoreError("NOT_FOUND", `Slot "${unknown}".`);
    const added = slotIds.filter((id) => reopening.run(id).changes > 0).length;
    return { added, already: slotIds.length - added };
  });
  const claim = db.transaction(({ runId, worker, variantIds, ...bounds }: Claim): Lease[] => {
    const { max, at } = asStored("claim", ClaimBounds, bounds);
    const run = holder.first(runId);
    if (run === null) throw new StoreError("NOT_FOUND", `Run "${runId}".`);
    assertHolds(run, worker);
    return pending.all({ runId, max, variantIds: variantIds ? JSON.stringify(variantIds) : null }).map((slot) => {
      const begun = attempts.begin(slot, at);
      return { slot: { ...slot, state: "running", attempts: begun.attempt }, ...begun, worker };
    });
  });
  const release = db.transaction(attempts.abandon);

  return {
    enqueue: (slotIds) => makePending.immediate(slotIds, reopen),
    rerun: (slotIds) => makePending.immediate(slotIds, reopenAny),
    claim: (wanted) => claim.immediate(wanted),
    extend: ({ episodeId, worker }, at) =>
      beat.run({ ...encodeRow("run", Moment, { id: episodeId, at }), worker }).changes > 0,
    release: ({ episodeId }, time) => {
      const { at } = asStored("episode", Moment, { id: episodeId, at: time });
      return release.immediate(episodeId, at);
    },
    stats: (runId) => {
      const stats = { pending: 0, running: 0, scored: 0, unscored: 0 };
      for (const { state, slots } of count.all(runId)) stats[state] = slots;
      return stats;
    },
  } satisfies Partial<Engine>;
}
