import { episodeId } from "../../env/store/identity.ts";
import type { EpisodeEntry, ResultStore } from "../../env/store/store.ts";
import type { StoredRun } from "./contents.ts";

/** Whose attempt an episode is. */
interface Attempt {
  readonly slotId: string;
  readonly attempt: number;
  readonly label: string;
  readonly taskId: string;
}

/**
 * Finds episodes of a run in the store by their id. A store finds them by agent and task; which attempt an id stands
 * for follows from the slots.
 */
export class EpisodeFinder {
  readonly #runId: string;
  readonly #store: Pick<ResultStore, "episodes">;
  /** The next attempt at each slot, by the id that it will have. */
  readonly #next = new Map<string, Attempt>();

  constructor(store: Pick<ResultStore, "episodes">, { run, variants, taskIds, slots }: StoredRun) {
    this.#runId = run.runId;
    this.#store = store;
    const labels = new Map(variants.map(({ variantId, label }) => [variantId, label]));
    for (const { slotId, variantId, specHash, attempts, state } of slots) {
      const label = labels.get(variantId) ?? "";
      const taskId = taskIds.get(specHash) ?? "";
      this.#expect({ slotId, attempt: attempts + 1, label, taskId });
      if (attempts > 0 && state !== "pending") this.#expect({ slotId, attempt: attempts, label, taskId });
    }
  }

  /** Null for one that is no next attempt at a slot that is known here. */
  async find(id: string): Promise<EpisodeEntry | null> {
    const sought = this.#next.get(id);
    if (sought === undefined) return null;
    this.#next.delete(id);
    this.#expect({ ...sought, attempt: sought.attempt + 1 });
    const { label, taskId } = sought;
    const filter = { runIds: [this.#runId], variantLabels: [label], taskIds: [taskId] };
    const entries = await this.#store.episodes(filter);
    return entries.find((entry) => entry.episodeId === id) ?? null;
  }

  #expect(attempt: Attempt): void {
    this.#next.set(episodeId(attempt.slotId, attempt.attempt), attempt);
  }
}
