import { assertSameSpec } from "../conflicts.ts";
import type { Engine } from "../engine.ts";
import { StoreError } from "../errors.ts";
import { slotId, variantId } from "../identity.ts";
import { reordered } from "../order.ts";
import { SlotRecord, TaskSpecRecord, VariantRecord } from "../plan-records.ts";
import { asStored } from "../rows.ts";
import type { RunPlan } from "../store.ts";
import { Moment } from "../values.ts";
import { beginAttempt } from "./attempts.ts";
import { byBytes, copied, found, slotsOf } from "./tables.ts";
import type { Tables } from "./tables.ts";

/** What a run is to play, and the taking of slots. */
export function slotTables(tables: Tables) {
  const { runs, variants, taskSpecs, slots } = tables;

  return {
    plan: (runId, plan) => {
      found(runs, "Run", runId);
      const planned = merged(tables, plan);
      const wanted = plan.slots.map((slot) =>
        asStored("slot", SlotRecord, { ...slot, runId, slotId: slotId(runId, slot), state: "pending", attempts: 0 }),
      );
      const orphan = wanted.find(
        (slot) => !planned.variants.has(slot.variantId) || !planned.taskSpecs.has(slot.specHash),
      );
      if (orphan) throw new StoreError("CONSTRAINT", `slot "${orphan.slotId}": its variant or task is not stored.`);
      const before = slots.size;
      for (const [id, variant] of planned.variants) variants.set(id, variant);
      for (const [hash, spec] of planned.taskSpecs) taskSpecs.set(hash, spec);
      for (const slot of wanted) if (!slots.has(slot.slotId)) slots.set(slot.slotId, slot);
      const added = slots.size - before;
      return { added, already: wanted.length - added };
    },
    startEpisode: (id, time) => {
      const { at } = asStored("episode", Moment, { id, at: time });
      const slot = found(slots, "Slot", id);
      if (slot.state !== "pending") return { status: "taken", state: slot.state };
      const { episodeId, attempt } = beginAttempt(tables, slot, at);
      return { status: "started", episodeId, attempt };
    },
    dropSlots: (runId, slotIds) => {
      const wanted = slotsOf(tables, runId).filter(({ slotId: id }) => slotIds.includes(id));
      const unplayed = wanted.filter(({ attempts }) => attempts === 0);
      for (const { slotId: id } of unplayed) slots.delete(id);
      return { dropped: unplayed.length, kept: wanted.length - unplayed.length };
    },
    orderSlots: (runId, first) => {
      found(runs, "Run", runId);
      const ordered = reordered(
        runId,
        slotsOf(tables, runId).map(({ slotId: id }) => id),
        first,
      );
      for (const [ordinal, id] of ordered.entries()) found(slots, "Slot", id).ordinal = ordinal;
    },
    reopenSlot: (id) => {
      const slot = found(slots, "Slot", id);
      if (slot.state !== "unscored") return false;
      slot.state = "pending";
      return true;
    },
    slots: (runId, state) => copied(slotsOf(tables, runId).filter((slot) => !state || slot.state === state)),
    variants: (runId) => {
      const ids = new Set(slotsOf(tables, runId).map((slot) => slot.variantId));
      const played = [...ids].map((id) => found(variants, "Variant", id));
      return copied(played.toSorted((a, b) => byBytes(a.label, b.label) || byBytes(a.variantId, b.variantId)));
    },
    taskSpecs: (runId) => {
      const hashes = new Set(slotsOf(tables, runId).map((slot) => slot.specHash));
      const played = [...hashes].map((hash) => found(taskSpecs, "Task", hash));
      return copied(played.toSorted((a, b) => byBytes(a.taskId, b.taskId) || byBytes(a.specHash, b.specHash)));
    },
  } satisfies Partial<Engine>;
}

/** The stored variants and tasks with those of a plan; what is stored stays. Throws StoreError SUITE_CHANGED. */
function merged({ variants, taskSpecs }: Tables, plan: RunPlan) {
  const allVariants = new Map(variants);
  for (const identity of plan.variants) {
    const variant = asStored("variant", VariantRecord, { ...identity, variantId: variantId(identity) });
    if (!allVariants.has(variant.variantId)) allVariants.set(variant.variantId, variant);
  }
  const allSpecs = new Map(taskSpecs);
  for (const given of plan.taskSpecs) {
    const spec = asStored("task_spec", TaskSpecRecord, given);
    const known = [...allSpecs.values()].find((other) => versionKey(other) === versionKey(spec));
    if (known) assertSameSpec(known, spec);
    else if (!allSpecs.has(spec.specHash)) allSpecs.set(spec.specHash, spec);
  }
  return { variants: allVariants, taskSpecs: allSpecs };
}

const versionKey = ({ suite, taskId, specVersion }: TaskSpecRecord) => JSON.stringify([suite, taskId, specVersion]);
