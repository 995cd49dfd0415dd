import { isScored } from "../../../env/store/episode-records.ts";
import type { EpisodeEntry, EpisodeFilter, EpisodeRecord } from "../../../env/store/store.ts";
import { UsageError } from "../../errors.ts";
import { groupBy } from "../../report/group-by.ts";
import type { ResultReader } from "../../report/reader.ts";
import type { Records } from "./files.ts";

/**
 * A bundle as everything that reads results wants them, in the orders of a store.
 * @throws UsageError when a record refers to one that is not there
 */
export function bundleReader(records: Records): ResultReader {
  const episodes = joined(records);
  const steps = groupBy(records.steps, ({ episodeId }) => episodeId);
  const slots = groupBy(records.slots, ({ runId }) => runId);
  const newestFirst = records.runs.toSorted((a, b) => b.createdAt - a.createdAt || (a.runId < b.runId ? 1 : -1));
  const playedIn = (runId: string, key: "variantId" | "specHash"): ReadonlySet<string> =>
    new Set((slots.get(runId) ?? []).map((slot) => slot[key]));
  return {
    runs: async () => [...newestFirst],
    latestRun: async () => newestFirst[0] ?? null,
    run: async (id) => records.runs.find(({ runId }) => runId === id) ?? null,
    suite: async (name, version) => records.suites.find((one) => one.suite === name && one.version === version) ?? null,
    variants: async (runId) => {
      const played = playedIn(runId, "variantId");
      return records.variants.filter(({ variantId }) => played.has(variantId));
    },
    taskSpecs: async (runId) => {
      const played = playedIn(runId, "specHash");
      return records.task_specs.filter(({ specHash }) => played.has(specHash));
    },
    slots: async (runId, state) =>
      (slots.get(runId) ?? []).filter((slot) => state === undefined || slot.state === state),
    episodes: async (filter = {}) => episodes.filter((episode) => matches(episode, filter)),
    steps: async (episodeId) => [...(steps.get(episodeId) ?? [])],
    events: async (id) => records.events.filter(({ runId }) => runId === id),
    calls: async ({ runId, episodeId, endpointKey } = {}) =>
      records.calls.filter(
        (call) =>
          (runId === undefined || call.runId === runId) &&
          (episodeId === undefined || call.episodeId === episodeId) &&
          (endpointKey === undefined || call.endpointKey === endpointKey),
      ),
  };
}

/** Episodes with what they were attempts at. What can be derived is derived, whatever the file says. */
function joined({ episodes, slots, task_specs: specs, variants }: Records): EpisodeEntry[] {
  const slotOf = lookup(slots, ({ slotId }) => slotId, "slot");
  const specOf = lookup(specs, ({ specHash }) => specHash, "task");
  const variantOf = lookup(variants, ({ variantId }) => variantId, "variant");
  return episodes.map((episode: EpisodeRecord): EpisodeEntry => {
    const { runId, variantId, specHash, seed, trial, ordinal, finalEpisodeId } = slotOf(episode.slotId);
    const { taskId, difficulty } = specOf(specHash);
    return {
      ...episode,
      scored: episode.outcome !== null && isScored(episode.outcome),
      runId,
      variantId,
      variantLabel: variantOf(variantId).label,
      specHash,
      taskId,
      difficulty,
      seed,
      trial,
      ordinal,
      final: finalEpisodeId === episode.episodeId,
    };
  });
}

function lookup<Item>(items: readonly Item[], keyOf: (item: Item) => string, what: string): (key: string) => Item {
  const byKey = new Map(items.map((item) => [keyOf(item), item]));
  return (key) => {
    const item = byKey.get(key);
    if (item === undefined)
      throw new UsageError(`The bundle refers to ${what} ${key.slice(0, 12)}, and does not have it.`);
    return item;
  };
}

const matches = (
  episode: EpisodeEntry,
  { episodeIds, runIds, variantLabels, taskIds, outcomes, finalOnly }: EpisodeFilter,
): boolean =>
  (runIds?.includes(episode.runId) ?? true) &&
  (variantLabels?.includes(episode.variantLabel) ?? true) &&
  (episodeIds?.includes(episode.episodeId) ?? true) &&
  (taskIds?.includes(episode.taskId) ?? true) &&
  (outcomes?.includes(episode.outcome ?? "running") ?? true) &&
  (finalOnly !== true || episode.final);
