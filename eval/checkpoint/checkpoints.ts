import { NO_HOOK } from "../../env/store/durable.ts";
import type { DurableHook } from "../../env/store/durable.ts";
import type { ResultStore } from "../../env/store/store.ts";
import { episodeText, storedRun } from "./contents.ts";
import { writeDurably } from "./durable-file.ts";
import { EpisodeFinder } from "./find-episode.ts";
import { episodePath, RUN_FILE } from "./names.ts";
import { repairCheckpoints } from "./repair.ts";

/**
 * Files beside the database from which a run can be rebuilt where there is none. They follow it: each is written after
 * the commit of what it holds. Nothing here rejects, since results are in the database.
 */
export interface Checkpoints {
  readonly runStarted: (runId: string) => Promise<void>;
  /** Writes what an earlier sitting left out or left torn. The run is this process's by now. */
  readonly runResumed: (runId: string) => Promise<void>;
  /** After the commit of an attempt. */
  readonly episodeEnded: (runId: string, episodeId: string) => Promise<void>;
  readonly runStopped: (runId: string) => Promise<void>;
}

export interface CheckpointDeps {
  /** Without secrets: what is read from it is written as it is. */
  readonly store: ResultStore;
  readonly durable?: DurableHook;
  /** Told once, of the first file that could not be written. */
  readonly onProblem?: (message: string) => void;
}

/** @param folder of the one run that is played */
export function openCheckpoints(
  folder: string,
  { store, durable = NO_HOOK, onProblem = () => {} }: CheckpointDeps,
): Checkpoints {
  let finder: EpisodeFinder | null = null;
  let isComplete = true;

  const trying = async (write: () => Promise<unknown>): Promise<void> => {
    try {
      await write();
    } catch (error) {
      if (isComplete) onProblem(problemText(folder, error));
      isComplete = false;
    }
  };
  const writeRun = async (runId: string): Promise<EpisodeFinder> => {
    const stored = await storedRun(store, runId);
    await writeDurably(folder, RUN_FILE, stored.text, durable);
    return (finder = new EpisodeFinder(store, stored));
  };
  const find = async (runId: string, episodeId: string) => {
    const found = await (finder ?? (await writeRun(runId))).find(episodeId);
    // Not of a slot that was written down: more was planned since.
    return found ?? (await (await writeRun(runId)).find(episodeId));
  };

  return {
    runStarted: (runId) => trying(() => writeRun(runId)),
    runResumed: (runId) => trying(() => repairCheckpoints(folder, runId, store, { durable })),
    episodeEnded: (runId, episodeId) =>
      trying(async () => {
        const entry = await find(runId, episodeId);
        if (entry === null) throw new Error(`episode ${episodeId} is not in the database`);
        await writeDurably(folder, episodePath(entry), await episodeText(store, entry), durable);
      }),
    runStopped: (runId) =>
      trying(async () => {
        await writeRun(runId);
        if (!isComplete) await repairCheckpoints(folder, runId, store, { durable });
      }),
  };
}

const problemText = (folder: string, error: unknown): string =>
  `Checkpoints in ${folder} are not complete: ${(error as Error).message}. Results are in the database; resuming the ` +
  "run writes what is missing.";
