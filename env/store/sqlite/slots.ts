import type { Database } from "better-sqlite3";
import { assertSameSpec } from "../conflicts.ts";
import type { Engine } from "../engine.ts";
import { StoreError } from "../errors.ts";
import { slotId, variantId } from "../identity.ts";
import { reordered } from "../order.ts";
import { SlotRecord, TaskSpecRecord, VariantRecord } from "../plan-records.ts";
import { asStored, encodeRow } from "../rows.ts";
import type { RunPlan, SlotTaken, StartedEpisode } from "../store.ts";
import { Moment } from "../values.ts";
import { attemptStatements } from "./attempts.ts";
import { insert, reader } from "./statements.ts";

/** What a run is to play, and the taking of slots. */
export function slotStatements(db: Database) {
  const insertVariant = insert(db, "variant", VariantRecord, "ON CONFLICT (variant_id) DO NOTHING");
  const insertSpec = insert(db, "task_spec", TaskSpecRecord, "ON CONFLICT (spec_hash) DO NOTHING");
  const insertSlot = insert(db, "slot", SlotRecord, "ON CONFLICT (slot_id) DO NOTHING");
  const spec = reader(
    db,
    "task_spec",
    TaskSpecRecord,
    "SELECT * FROM task_spec WHERE suite = ? AND task_id = ? AND spec_version = ?",
  );
  const run = db.prepare("SELECT 1 FROM run WHERE run_id = ?");
  const slot = reader(db, "slot", SlotRecord, "SELECT * FROM slot WHERE slot_id = ?");
  const slots = reader(
    db,
    "slot",
    SlotRecord,
    "SELECT * FROM slot WHERE run_id = @runId AND (@state IS NULL OR state = @state) ORDER BY ordinal, slot_id",
  );
  const ids = db
    .prepare<[string], string>("SELECT slot_id FROM slot WHERE run_id = ? ORDER BY ordinal, slot_id")
    .pluck();
  const variants = reader(
    db,
    "variant",
    VariantRecord,
    "SELECT * FROM variant WHERE variant_id IN (SELECT variant_id FROM slot WHERE run_id = ?) ORDER BY label, variant_id",
  );
  const specs = reader(
    db,
    "task_spec",
    TaskSpecRecord,
    "SELECT * FROM task_spec WHERE spec_hash IN (SELECT spec_hash FROM slot WHERE run_id = ?) ORDER BY task_id, spec_hash",
  );
  const attempts = attemptStatements(db);
  const reopen = db.prepare("UPDATE slot SET state = 'pending' WHERE slot_id = ? AND state = 'unscored'");
  const wasPlayed = db
    .prepare<[string, string], number>("SELECT attempts > 0 FROM slot WHERE slot_id = ? AND run_id = ?")
    .pluck();
  const drop = db.prepare("DELETE FROM slot WHERE slot_id = ?");
  const place = db.prepare("UPDATE slot SET ordinal = @ordinal WHERE slot_id = @id AND ordinal <> @ordinal");

  const plan = db.transaction((runId: string, { variants: players, taskSpecs, slots: wanted }: RunPlan) => {
    if (run.get(runId) === undefined) throw new StoreError("NOT_FOUND", `Run "${runId}".`);
    for (const player of players) {
      insertVariant.run(encodeRow("variant", VariantRecord, { ...player, variantId: variantId(player) }));
    }
    for (const task of taskSpecs) {
      const known = spec.first(task.suite, task.taskId, task.specVersion);
      if (known) assertSameSpec(known, task);
      else insertSpec.run(encodeRow("task_spec", TaskSpecRecord, task));
    }
    let added = 0;
    for (const newSlot of wanted) {
      const complete = { ...newSlot, runId, slotId: slotId(runId, newSlot), state: "pending", attempts: 0 };
      added += insertSlot.run(encodeRow("slot", SlotRecord, complete)).changes;
    }
    return { added, already: wanted.length - added };
  });

  const startEpisode = db.transaction((id: string, at: number): StartedEpisode | SlotTaken => {
    const wanted = slot.first(id);
    if (!wanted) throw new StoreError("NOT_FOUND", `Slot "${id}".`);
    if (wanted.state !== "pending") return { status: "taken", state: wanted.state };
    return { status: "started", ...attempts.begin(wanted, asStored("episode", Moment, { id, at }).at) };
  });

  const dropSlots = db.transaction((runId: string, slotIds: readonly string[]) => {
    const known = [...new Set(slotIds)].flatMap((id) => {
      const played = wasPlayed.get(id, runId);
      return played === undefined ? [] : [{ id, played: played === 1 }];
    });
    const unplayed = known.filter(({ played }) => !played);
    for (const { id } of unplayed) drop.run(id);
    return { dropped: unplayed.length, kept: known.length - unplayed.length };
  });

  const orderSlots = db.transaction((runId: string, first: readonly string[]) => {
    if (run.get(runId) === undefined) throw new StoreError("NOT_FOUND", `Run "${runId}".`);
    for (const [ordinal, id] of reordered(runId, ids.all(runId), first).entries()) place.run({ id, ordinal });
  });

  return {
    plan: (runId, wanted) => plan.immediate(runId, wanted),
    startEpisode: (id, at) => startEpisode.immediate(id, at),
    reopenSlot: (id) => {
      if (slot.first(id) === null) throw new StoreError("NOT_FOUND", `Slot "${id}".`);
      return reopen.run(id).changes > 0;
    },
    dropSlots: (runId, slotIds) => dropSlots.immediate(runId, slotIds),
    orderSlots: (runId, first) => orderSlots.immediate(runId, first),
    slots: (runId, state) => slots.all({ runId, state: state ?? null }),
    variants: (runId) => variants.all(runId),
    taskSpecs: (runId) => specs.all(runId),
  } satisfies Partial<Engine>;
}
