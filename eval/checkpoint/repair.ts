import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { NO_HOOK } from "../../env/store/durable.ts";
import { EpisodeRecord } from "../../env/store/episode-records.ts";
import type { EpisodeEntry, ResultStore } from "../../env/store/store.ts";
import { lineOf } from "../export/bundle/files.ts";
import type { CheckpointDeps } from "./checkpoints.ts";
import { episodeText, storedRun } from "./contents.ts";
import { UNFINISHED, writeDurably } from "./durable-file.ts";
import { EpisodeCheckpoint, RunCheckpoint } from "./format.ts";
import { EPISODES_FOLDER, episodePath, RUN_FILE } from "./names.ts";
import { readCheckpoint } from "./read-file.ts";

/**
 * Writes the checkpoints of a run that are missing or do not hold what the database has, and removes what a killed
 * process left unfinished. The run must be this process's to play.
 * @returns how many were written
 * @throws Error of the file system
 */
export async function repairCheckpoints(
  folder: string,
  runId: string,
  store: ResultStore,
  { durable = NO_HOOK }: Pick<CheckpointDeps, "durable"> = {},
): Promise<number> {
  let written = 0;
  const write = async (name: string, text: string): Promise<void> => {
    await writeDurably(folder, [{ name, text }], durable);
    written += 1;
  };
  if (!(await isRunWhole(folder, runId))) await write(RUN_FILE, (await storedRun(store, runId)).text);
  for (const entry of await store.episodes({ runIds: [runId] })) {
    if (entry.outcome === null || (await isEpisodeWhole(folder, entry))) continue;
    await write(episodePath(entry), await episodeText(store, entry));
  }
  await removeUnfinished(folder);
  await removeUnfinished(join(folder, EPISODES_FOLDER));
  return written;
}

async function isRunWhole(folder: string, runId: string): Promise<boolean> {
  const read = await readCheckpoint(join(folder, RUN_FILE), RunCheckpoint);
  return read.isUsable && read.content.run.runId === runId;
}

async function isEpisodeWhole(folder: string, entry: EpisodeEntry): Promise<boolean> {
  const read = await readCheckpoint(join(folder, episodePath(entry)), EpisodeCheckpoint);
  if (!read.isUsable || read.content.run_id !== entry.runId) return false;
  return lineOf(EpisodeRecord, read.content.episode) === lineOf(EpisodeRecord, entry);
}

async function removeUnfinished(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) if (UNFINISHED.test(name)) await rm(join(folder, name), { force: true });
}
