import { didYouMean } from "../env/core/suggest.ts";
import type { JobQueue } from "../env/store/queue.ts";
import type { ResultStore, SlotRecord } from "../env/store/store.ts";
import type { Clock } from "./clock.ts";
import { UsageError } from "./errors.ts";

/** A slot with the names of what it plays. */
export interface TargetSlot {
  readonly slot: SlotRecord;
  readonly agent: string;
  readonly taskId: string;
}

/** Which slots of a run: all conditions given must hold. */
export interface TargetChoice {
  readonly agents?: readonly string[] | undefined;
  readonly taskIds?: readonly string[] | undefined;
}

/** What managing targets needs. Changes are seen by the process that plays the run at its next episode. */
export interface TargetDeps {
  readonly store: ResultStore;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

/** What came of a change. */
export interface TargetChange {
  readonly changed: number;
  /** Slots that were chosen and stay as they were. */
  readonly kept: number;
}

/**
 * The chosen slots of a run, in the order of play.
 * @throws UsageError for an agent or a task that the run does not have
 */
export async function targetSlots(store: ResultStore, runId: string, choice: TargetChoice): Promise<TargetSlot[]> {
  const agents = new Map((await store.variants(runId)).map(({ variantId, label }) => [variantId, label]));
  const tasks = new Map((await store.taskSpecs(runId)).map(({ specHash, taskId }) => [specHash, taskId]));
  assertKnown("agent", choice.agents, [...agents.values()]);
  assertKnown("incident", choice.taskIds, [...tasks.values()]);
  const named = (await store.slots(runId)).map((slot) => ({
    slot,
    agent: agents.get(slot.variantId) ?? "",
    taskId: tasks.get(slot.specHash) ?? "",
  }));
  return named.filter(
    ({ agent, taskId }) => (choice.agents?.includes(agent) ?? true) && (choice.taskIds?.includes(taskId) ?? true),
  );
}

/** Takes slots that were never played out of a run. What was played stays: results are not thrown away. */
export async function removeTargets(deps: TargetDeps, runId: string, choice: TargetChoice): Promise<TargetChange> {
  const ids = idsOf(await targetSlots(deps.store, runId, choice));
  const { dropped, kept } = await deps.store.dropSlots(runId, ids);
  return noted(deps, runId, "remove", choice, { changed: dropped, kept });
}

/** Plays slots once more: the new attempt counts when it has ended, and the earlier ones stay on record. */
export async function rerunTargets(deps: TargetDeps, runId: string, choice: TargetChoice): Promise<TargetChange> {
  const ids = idsOf(await targetSlots(deps.store, runId, choice));
  const { added, already } = await deps.jobs.rerun(ids);
  return noted(deps, runId, "rerun", choice, { changed: added, kept: already });
}

/** Has slots played before all others. */
export async function promoteTargets(deps: TargetDeps, runId: string, choice: TargetChoice): Promise<TargetChange> {
  const ids = idsOf(await targetSlots(deps.store, runId, choice));
  await deps.store.orderSlots(runId, ids);
  return noted(deps, runId, "first", choice, { changed: ids.length, kept: 0 });
}

const idsOf = (targets: readonly TargetSlot[]): string[] => targets.map(({ slot }) => slot.slotId);

async function noted(
  { store, clock }: TargetDeps,
  runId: string,
  action: string,
  { agents, taskIds }: TargetChoice,
  change: TargetChange,
): Promise<TargetChange> {
  const data = { action, agents: agents ?? null, tasks: taskIds ?? null, ...change };
  await store.addEvent({ runId, at: clock.now(), type: "targets_changed", data });
  return change;
}

function assertKnown(what: string, wanted: readonly string[] | undefined, known: readonly string[]): void {
  const stranger = wanted?.find((name) => !known.includes(name));
  if (stranger === undefined) return;
  throw new UsageError(
    `The run has no ${what} "${stranger}".${didYouMean(stranger, known)} It has: ${[...new Set(known)].join(", ")}.`,
  );
}
