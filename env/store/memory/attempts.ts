import { EpisodeRecord } from "../episode-records.ts";
import { episodeId } from "../identity.ts";
import type { SlotRecord } from "../plan-records.ts";
import { asStored } from "../rows.ts";
import { found } from "./tables.ts";
import type { Tables } from "./tables.ts";

/** Begins an attempt at a pending slot. `at` is checked before anything changes. */
export function beginAttempt({ episodes }: Tables, slot: SlotRecord, at: number): EpisodeRecord {
  const attempt = slot.attempts + 1;
  const begun = { episodeId: episodeId(slot.slotId, attempt), slotId: slot.slotId, attempt, startedAt: at };
  const episode = asStored("episode", EpisodeRecord, { ...begun, ...UNKNOWN_YET });
  episodes.set(episode.episodeId, episode);
  Object.assign(slot, { state: "running", attempts: attempt });
  return episode;
}

/** Ends a running attempt without a result; its slot is pending again, and what counted for it before still does. */
export function abandonAttempt({ slots }: Tables, episode: EpisodeRecord, at: number): void {
  Object.assign(episode, { outcome: "abandoned", endedAt: at });
  found(slots, "Slot", episode.slotId).state = "pending";
}

/** The counts and flags of an attempt that has not ended. */
const UNKNOWN_YET = {
  scored: false,
  steps: 0,
  invalidActions: 0,
  repeatedActions: 0,
  changes: 0,
  wrongChanges: 0,
  distractorChanges: 0,
  providerCalls: 0,
  providerFailures: 0,
  costComplete: false,
};
