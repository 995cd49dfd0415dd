import { openMemoryBackend } from "../../../env/store/memory.ts";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import type { FinishedEpisode, ResultStore, RunRecord, SuiteRecord } from "../../../env/store/store.ts";
import { playInto } from "../../eval/verify/played.ts";
import type { PlayOptions } from "../../eval/verify/played.ts";

/** Attempts in one transaction: a disk that is waited for twice an episode takes longer than the play. */
const BATCH = 500;

/** Plays a run through the harness in memory, and writes what it stored into a SQLite file, many attempts at a time. */
export async function playIntoFile(file: string, options: PlayOptions): Promise<void> {
  const memory = openMemoryBackend();
  const ends = new Map<string, FinishedEpisode>();
  const results: ResultStore = {
    ...memory.results,
    commitEpisode: (episode) => {
      ends.set(episode.episodeId, episode);
      return memory.results.commitEpisode(episode);
    },
  };
  const runId = await playInto({ ...memory, results }, options);
  const store = await openSqliteStore(file);
  await write(memory.results, runId, ends, store);
  await store.close();
}

async function write(
  from: ResultStore,
  runId: string,
  ends: ReadonlyMap<string, FinishedEpisode>,
  to: ResultStore,
): Promise<void> {
  const {
    status: _status,
    reason: _reason,
    owner: _owner,
    heartbeatAt: _beat,
    startedAt,
    endedAt,
    ...run
  } = (await from.run(runId)) as RunRecord;
  await to.createRun(run, (await from.suite(run.suite, run.suiteVersion)) as SuiteRecord);
  await to.startRun(runId, startedAt ?? run.createdAt);
  const variants = (await from.variants(runId)).map(({ variantId: _id, ...identity }) => identity);
  const taskSpecs = await from.taskSpecs(runId);
  const slots = await from.slots(runId);
  for (let at = 0; at < slots.length; at += BATCH) {
    const episodes = slots
      .slice(at, at + BATCH)
      .map(({ finalEpisodeId, variantId, specHash, seed, trial, ordinal }) => {
        const { episodeId: _episode, ...end } = ends.get(finalEpisodeId ?? "") as FinishedEpisode;
        return { slot: { variantId, specHash, seed, trial, ordinal }, startedAt: end.endedAt, end };
      });
    await to.recordEpisodes(runId, { variants, taskSpecs, episodes });
  }
  await to.finishRun(runId, { status: "complete", at: endedAt ?? run.createdAt });
}
