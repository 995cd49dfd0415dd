import type { Engine } from "../engine.ts";
import { EpisodeEnd, isScored, StepRecord } from "../episode-records.ts";
import type { EpisodeEntry, EpisodeFilter, EpisodeRecord } from "../episode-records.ts";
import { StoreError } from "../errors.ts";
import { asStored } from "../rows.ts";
import { byCreation, byPlay, copied, found } from "./tables.ts";
import type { Tables } from "./tables.ts";

/** Committing an attempt with its steps, and reading episodes back. */
export function episodeTables(tables: Tables) {
  const { runs, slots, episodes, steps } = tables;

  const byRunThenPlay = (a: EpisodeEntry, b: EpisodeEntry) =>
    byCreation(found(runs, "Run", a.runId), found(runs, "Run", b.runId)) || byPlay(a, b) || a.attempt - b.attempt;

  return {
    commitEpisode: ({ steps: newSteps, ...newEnd }) => {
      const end = asStored("episode", EpisodeEnd, { ...newEnd, steps: newSteps.length });
      const { episodeId } = end;
      const taken = newSteps.map((step, index) => asStored(`step[${index}]`, StepRecord, { ...step, episodeId }));
      const episode = found(episodes, "Episode", episodeId);
      if (episode.outcome !== null) return episode.outcome === "abandoned" ? "lease_lost" : "duplicate";
      if (new Set(taken.map(({ step }) => step)).size < taken.length) {
        throw new StoreError("CONSTRAINT", "step.step: two steps of one number.");
      }
      const scored = isScored(end.outcome);
      Object.assign(episode, end, { scored });
      steps.set(
        episodeId,
        taken.toSorted((a, b) => a.step - b.step),
      );
      const slot = found(slots, "Slot", episode.slotId);
      const before = slot.finalEpisodeId === null ? undefined : episodes.get(slot.finalEpisodeId);
      // A score is not given up for an attempt that measured nothing.
      if (!scored && before?.scored === true) slot.state = "scored";
      else Object.assign(slot, { state: scored ? "scored" : "unscored", finalEpisodeId: episodeId });
      return "inserted";
    },
    episodes: (filter = {}) => {
      const entries = [...episodes.values()].map((episode) => entryOf(tables, episode));
      return copied(entries.filter((entry) => matches(entry, filter)).toSorted(byRunThenPlay));
    },
    steps: (episodeId) => copied([...(steps.get(episodeId) ?? [])]),
  } satisfies Partial<Engine>;
}

function entryOf({ slots, variants, taskSpecs }: Tables, episode: EpisodeRecord): EpisodeEntry {
  const { runId, variantId, specHash, seed, trial, ordinal, finalEpisodeId } = found(slots, "Slot", episode.slotId);
  const { taskId, difficulty } = found(taskSpecs, "Task", specHash);
  const variantLabel = found(variants, "Variant", variantId).label;
  const final = finalEpisodeId === episode.episodeId;
  return { ...episode, runId, variantId, variantLabel, specHash, taskId, difficulty, seed, trial, ordinal, final };
}

function matches(
  entry: EpisodeEntry,
  { episodeIds, runIds, variantLabels, taskIds, outcomes, finalOnly }: EpisodeFilter,
): boolean {
  return (
    (episodeIds?.includes(entry.episodeId) ?? true) &&
    (runIds?.includes(entry.runId) ?? true) &&
    (variantLabels?.includes(entry.variantLabel) ?? true) &&
    (taskIds?.includes(entry.taskId) ?? true) &&
    (outcomes?.includes(entry.outcome ?? "running") ?? true) &&
    (!finalOnly || entry.final)
  );
}
