import type { Engine } from "./engine.ts";
import type { FinishedEpisode } from "./episode-records.ts";
import { slotId } from "./identity.ts";
import type { NewSlot, TaskSpecRecord, VariantIdentity } from "./plan-records.ts";

/** Attempts that were played without asking for a slot first, with what their slots name. */
export interface PlayedEpisodes {
  readonly variants: readonly VariantIdentity[];
  readonly taskSpecs: readonly TaskSpecRecord[];
  readonly episodes: readonly PlayedEpisode[];
}

export interface PlayedEpisode {
  readonly slot: NewSlot;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly end: Omit<FinishedEpisode, "episodeId">;
}

/**
 * Plans the slots of what was played, takes them and commits. The caller makes a transaction of it.
 * @returns those whose slot had been scored before; nothing is stored of them
 */
export function recordPlayed(
  engine: Pick<Engine, "plan" | "reopenSlot" | "startEpisode" | "commitEpisode">,
  runId: string,
  { variants, taskSpecs, episodes }: PlayedEpisodes,
): PlayedEpisode[] {
  engine.plan(runId, { variants, taskSpecs, slots: episodes.map(({ slot }) => slot) });
  return episodes.filter(({ slot, startedAt, end }) => {
    const id = slotId(runId, slot);
    engine.reopenSlot(id);
    const start = engine.startEpisode(id, startedAt);
    if (start.status === "taken") return true;
    engine.commitEpisode({ ...end, episodeId: start.episodeId });
    return false;
  });
}
