import type { Engine } from "../engine.ts";
import { assertHolds } from "../holds.ts";
import type { SlotState } from "../plan-records.ts";
import { ClaimBounds } from "../queue.ts";
import { asStored } from "../rows.ts";
import { Moment } from "../values.ts";
import { abandonAttempt, beginAttempt } from "./attempts.ts";
import { copied, found, slotsOf } from "./tables.ts";
import type { Tables } from "./tables.ts";

/** The slots as a queue of what is to be played. */
export function queueTables(tables: Tables) {
  const { runs, slots, episodes } = tables;
  const running = (episodeId: string) => {
    const episode = episodes.get(episodeId);
    return episode?.outcome === null ? episode : null;
  };
  const makePending = (slotIds: readonly string[], from: readonly SlotState[]) => {
    const wanted = slotIds.map((id) => found(slots, "Slot", id));
    const reopened = new Set(wanted.filter(({ state }) => from.includes(state)));
    for (const slot of reopened) slot.state = "pending";
    return { added: reopened.size, already: wanted.length - reopened.size };
  };

  return {
    enqueue: (slotIds) => makePending(slotIds, ["unscored"]),
    rerun: (slotIds) => makePending(slotIds, ["unscored", "scored"]),
    claim: ({ runId, worker, variantIds, ...bounds }) => {
      const { max, at } = asStored("claim", ClaimBounds, bounds);
      assertHolds(found(runs, "Run", runId), worker);
      const pending = slotsOf(tables, runId).filter(
        ({ state, variantId }) => state === "pending" && (variantIds?.includes(variantId) ?? true),
      );
      return pending.slice(0, max).map((slot) => {
        const { episodeId, attempt } = beginAttempt(tables, slot, at);
        return { slot: copied(slot), episodeId, attempt, worker };
      });
    },
    extend: ({ slot, episodeId, worker }, time) => {
      const { at } = asStored("run", Moment, { id: slot.runId, at: time });
      const run = runs.get(slot.runId);
      if (running(episodeId) === null || run?.owner?.token !== worker) return false;
      run.heartbeatAt = at;
      return true;
    },
    release: ({ episodeId }, time) => {
      const { at } = asStored("episode", Moment, { id: episodeId, at: time });
      const episode = running(episodeId);
      if (episode === null) return false;
      abandonAttempt(tables, episode, at);
      return true;
    },
    stats: (runId) => {
      const stats = { pending: 0, running: 0, scored: 0, unscored: 0 };
      for (const { state } of slotsOf(tables, runId)) stats[state] += 1;
      return stats;
    },
  } satisfies Partial<Engine>;
}
