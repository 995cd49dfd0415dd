import { EpisodeEnd, isScored } from "../../env/store/episode-records.ts";
import { episodeId, slotId } from "../../env/store/identity.ts";
import type { FinishedEpisode, PlayedEpisode } from "../../env/store/store.ts";
import type { EpisodeCheckpoint, RunCheckpoint } from "./format.ts";
import { unusable } from "./read-file.ts";
import type { FileContent } from "./read-file.ts";

/** An episode of a file, as a store takes it. */
export interface CheckedEpisode {
  readonly slotId: string;
  /** Counts from 1. */
  readonly attempt: number;
  /** Its process died: the slot stayed open. */
  readonly isAbandoned: boolean;
  readonly played: PlayedEpisode;
}

/** Whether a well-formed file is about an episode of this run, and nothing in it contradicts itself. */
export function checkedEpisode(
  { run_id: runId, slot, episode, steps }: EpisodeCheckpoint,
  { run, variants, task_specs: specs }: RunCheckpoint,
): FileContent<CheckedEpisode> {
  const { attempt, outcome, startedAt, endedAt, score } = episode;
  if (runId !== run.runId) return unusable(`it is of run ${runId}`);
  const id = slotId(runId, slot);
  if (episode.slotId !== id || episode.episodeId !== episodeId(id, attempt)) {
    return unusable("its ids are not those of what it says it is");
  }
  if (!variants.some(({ variantId }) => variantId === slot.variantId)) return unusable("run.json lacks its agent");
  if (!specs.some(({ specHash }) => specHash === slot.specHash)) return unusable("run.json lacks its task");
  if (outcome === null || endedAt === null) return unusable("the attempt has not ended");
  if (isScored(outcome) !== (score !== null)) return unusable("its score does not go with its outcome");
  const isWhole = steps.length === episode.steps && new Set(steps.map(({ step }) => step)).size === steps.length;
  if (!isWhole) return unusable("steps are missing, or there twice");
  const played = { slot, startedAt, end: { ...endOf(episode), steps } };
  return { isUsable: true, content: { slotId: id, attempt, isAbandoned: outcome === "abandoned", played } };
}

/** What the end of an attempt writes. */
const endOf = ({ episodeId: _id, ...episode }: EpisodeCheckpoint["episode"]) =>
  Object.fromEntries(Object.entries(episode).filter(([field]) => field in EpisodeEnd.shape)) as unknown as Omit<
    FinishedEpisode,
    "episodeId" | "steps"
  >;
