import type { EpisodeEntry } from "../../env/store/store.ts";
import { UsageError } from "../errors.ts";
import type { ResultReader } from "../report/reader.ts";

/** Which episode is meant: by id or its beginning, or by where it stands in a run. */
export interface EpisodeWanted {
  readonly id?: string | undefined;
  readonly runId: string;
  readonly agent?: string | undefined;
  readonly taskId?: string | undefined;
  readonly trial?: number | undefined;
}

const MOST_LISTED = 8;

/**
 * The one attempt that fits. An id is looked for in every run; without one, the attempt that counts is taken.
 * @throws UsageError when none fits, or several do
 */
export async function findEpisode(reader: ResultReader, wanted: EpisodeWanted): Promise<EpisodeEntry> {
  const found = wanted.id === undefined ? await byPlace(reader, wanted) : await byId(reader, wanted.id);
  const [episode, other] = found;
  if (episode !== undefined && other === undefined) return episode;
  if (episode === undefined) {
    const what =
      wanted.id === undefined ? `Run ${wanted.runId} has no such episode.` : `No episode "${wanted.id}" is stored.`;
    throw new UsageError(what, "oncall show --attempts");
  }
  const listed = found.slice(0, MOST_LISTED).map(({ episodeId, variantLabel, taskId, trial }) => {
    return `  ${episodeId.slice(0, 12)}  ${variantLabel} on ${taskId}, trial ${trial}`;
  });
  const more = found.length > MOST_LISTED ? `\n  and ${found.length - MOST_LISTED} more` : "";
  throw new UsageError(`${found.length} episodes fit:\n${listed.join("\n")}${more}\nName one by its id.`);
}

const byId = async (reader: ResultReader, id: string): Promise<EpisodeEntry[]> =>
  (await reader.episodes()).filter(({ episodeId }) => episodeId.startsWith(id));

async function byPlace(reader: ResultReader, { runId, agent, taskId, trial }: EpisodeWanted): Promise<EpisodeEntry[]> {
  const episodes = await reader.episodes({
    runIds: [runId],
    ...(taskId === undefined ? {} : { taskIds: [taskId] }),
    ...(agent === undefined ? {} : { variantLabels: [agent] }),
  });
  const fitting = episodes.filter((episode) => episode.final && (trial === undefined || episode.trial === trial));
  return fitting.length > 0 ? fitting : episodes.filter((episode) => trial === undefined || episode.trial === trial);
}
