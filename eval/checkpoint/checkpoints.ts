import { NO_HOOK } from "../../env/store/durable.ts";
import type { DurableHook } from "../../env/store/durable.ts";
import type { ResultStore } from "../../env/store/store.ts";
import { episodeText, storedRun } from "./contents.ts";
import { writeDurably } from "./durable-file.ts";
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
  /** After the commit of an attempt. Fulfilled when its file is there; nobody has to wait for it. */
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

/** Episodes whose files are written together, and durable by one sync of their folder. */
const BATCH = 32;

/** @param folder of the one run that is played */
export function openCheckpoints(
  folder: string,
  { store, durable = NO_HOOK, onProblem = () => {} }: CheckpointDeps,
): Checkpoints {
  const waiting: string[] = [];
  let writing: Promise<void> | null = null;
  let known: ReadonlySet<string> = new Set();
  let isComplete = true;

  const trying = async (write: () => Promise<unknown>): Promise<void> => {
    try {
      await write();
    } catch (error) {
      if (isComplete) onProblem(problemText(folder, error));
      isComplete = false;
    }
  };
  const writeRun = async (runId: string): Promise<void> => {
    const { text, slots } = await storedRun(store, runId);
    await writeDurably(folder, [{ name: RUN_FILE, text }], durable);
    known = slots;
  };
  const writeEpisodes = async (runId: string, episodeIds: readonly string[]): Promise<void> => {
    const entries = await store.episodes({ episodeIds });
    if (entries.length < episodeIds.length) throw new Error("an episode is not in the database");
    // Of a slot that was not written down: more was planned since.
    if (entries.some(({ slotId }) => !known.has(slotId))) await writeRun(runId);
    const files = entries.map(async (entry) => ({ name: episodePath(entry), text: await episodeText(store, entry) }));
    await writeDurably(folder, await Promise.all(files), durable);
  };
  const writeWaiting = async (runId: string): Promise<void> => {
    while (waiting.length > 0) await trying(() => writeEpisodes(runId, waiting.splice(0, BATCH)));
    writing = null;
  };

  return {
    runStarted: (runId) => trying(() => writeRun(runId)),
    runResumed: (runId) => trying(() => repairCheckpoints(folder, runId, store, { durable })),
    episodeEnded: (runId, episodeId) => {
      waiting.push(episodeId);
      return (writing ??= writeWaiting(runId));
    },
    runStopped: (runId) =>
      trying(async () => {
        await writing;
        await writeRun(runId);
        if (!isComplete) await repairCheckpoints(folder, runId, store, { durable });
      }),
  };
}

const problemText = (folder: string, error: unknown): string =>
  `Checkpoints in ${folder} are not complete: ${(error as Error).message}. Results are in the database; resuming the ` +
  "run writes what is missing.";
