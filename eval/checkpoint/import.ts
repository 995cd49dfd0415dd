import { join } from "node:path";
import { variantId } from "../../env/store/identity.ts";
import type { JobQueue } from "../../env/store/queue.ts";
import type { ResultStore, RunRecord } from "../../env/store/store.ts";
import { UsageError } from "../errors.ts";
import { RunCheckpoint } from "./format.ts";
import { EpisodeImport } from "./import-episodes.ts";
import type { FileProblem } from "./import-episodes.ts";
import { RUN_FILE } from "./names.ts";
import { readCheckpoint } from "./read-file.ts";

export interface ImportedRun {
  readonly runId: string;
  /** `known`: the database has the run, and nothing was read from the files of its episodes. */
  readonly status: "imported" | "known";
  /** How many were stored. */
  readonly episodes: number;
  /** Files that were left out, and why. Their slots are open again. */
  readonly problems: readonly FileProblem[];
}

/**
 * Puts a run that the database does not know into it, from the folder of its checkpoints. Calls to providers are not
 * in them; what they came to is part of each episode. A run that was being played is paused afterwards. An import that
 * was cut off is gone on with; doing it twice changes nothing.
 * @throws UsageError when `run.json` cannot be used, or contradicts a run of this id
 * @throws StoreError SUITE_CHANGED when the database has other tasks under the version that was played
 */
export async function importRun(
  folder: string,
  store: ResultStore,
  jobs: Pick<JobQueue, "rerun">,
): Promise<ImportedRun> {
  const checkpoint = await readRun(folder);
  const { run, suite, variants, task_specs: taskSpecs, slots, events } = checkpoint;
  const { runId, status, reason, startedAt, endedAt, ...planned } = run;
  const known = await store.run(runId);
  if (known !== null && known.fingerprint !== run.fingerprint) {
    throw new UsageError(`The database has another run of the name ${runId}; ${folder} was not imported.`);
  }
  if (known !== null && !isCutOff(known)) return { runId, status: "known", episodes: 0, problems: [] };
  if (known === null) await store.createRun({ runId, ...planned }, suite);
  try {
    const identities = variants.map(({ variantId: _id, ...identity }) => identity);
    await store.plan(runId, { variants: identities, taskSpecs, slots });
  } catch (error) {
    if (known === null) await store.deleteRun(runId);
    throw error;
  }
  const { length: before } = await store.events(runId);
  for (const event of events.slice(before)) await store.addEvent(event);
  const { episodes, problems } = await new EpisodeImport(folder, store, jobs, checkpoint).all();
  if (startedAt !== null) await store.startRun(runId, startedAt);
  if (status === "planned") return { runId, status: "imported", episodes, problems };
  const at = endedAt ?? startedAt ?? run.createdAt;
  const stop =
    status === "running" ? ({ status: "paused", reason: "Imported from checkpoints." } as const) : { status, reason };
  await store.finishRun(runId, { ...stop, at });
  return { runId, status: "imported", episodes, problems };
}

/** Whether it is as an import leaves it that does not come to its end: a run that is played has an owner. */
const isCutOff = ({ status, owner }: RunRecord): boolean =>
  owner === null && (status === "planned" || status === "running");

/** @throws UsageError */
async function readRun(folder: string): Promise<RunCheckpoint> {
  const file = join(folder, RUN_FILE);
  const read = await readCheckpoint(file, RunCheckpoint);
  if (!read.isUsable) throw new UsageError(`${file} cannot be imported: ${read.problem}.`);
  const changed = read.content.variants.find(({ variantId: id, ...identity }) => variantId(identity) !== id);
  if (changed === undefined) return read.content;
  throw new UsageError(`${file} cannot be imported: agent "${changed.label}" is not the one that its id stands for.`);
}
