import type { Database } from "better-sqlite3";
import { assertSameSpec } from "../conflicts.ts";
import type { Engine } from "../engine.ts";
import { StoreError } from "../errors.ts";
import { episodeId, slotId, variantId } from "../identity.ts";
import { SlotRecord, TaskSpecRecord, VariantRecord } from "../plan-records.ts";
import { encodeRow } from "../rows.ts";
import type { RunPlan, SlotTaken, StartedEpisode } from "../store.ts";
import { Moment } from "../values.ts";
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
  const takeSlot = db.prepare("UPDATE slot SET state = 'running', attempts = attempts + 1 WHERE slot_id = ?");
  const reopen = db.prepare("UPDATE slot SET state = 'pending' WHERE slot_id = ? AND state = 'unscored'");
  const insertEpisode = db.prepare(
    "INSERT INTO episode (episode_id, slot_id, attempt, started_at) VALUES (@episodeId, @id, @attempt, @at)",
  );

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
    const attempt = wanted.attempts + 1;
    const started = { status: "started", episodeId: episodeId(id, attempt), attempt } as const;
    takeSlot.run(id);
    insertEpisode.run({ ...encodeRow("episode", Moment, { id, at }), episodeId: started.episodeId, attempt });
    return started;
  });

  return {
    plan: (runId, wanted) => plan.immediate(runId, wanted),
    startEpisode: (id, at) => startEpisode.immediate(id, at),
    reopenSlot: (id) => {
      if (slot.first(id) === null) throw new StoreError("NOT_FOUND", `Slot "${id}".`);
      return reopen.run(id).changes > 0;
    },
    slots: (runId, state) => slots.all({ runId, state: state ?? null }),
    variants: (runId) => variants.all(runId),
    taskSpecs: (runId) => specs.all(runId),
  } satisfies Partial<Engine>;
}
