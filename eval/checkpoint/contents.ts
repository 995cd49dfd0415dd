import { z } from "zod";
import { canonicalJson } from "../../env/store/canonical.ts";
import type { EpisodeEntry, ResultStore } from "../../env/store/store.ts";
import { groupBy } from "../report/group-by.ts";
import { EPISODE_FORMAT, EpisodeCheckpoint, RUN_FORMAT, RunCheckpoint } from "./format.ts";

/** The checkpoint of a run, apart from its episodes. */
export interface StoredRun {
  readonly text: string;
  /** Ids of the slots that it names. */
  readonly slots: ReadonlySet<string>;
}

/** @throws Error when the run is not stored */
export async function storedRun(store: ResultStore, runId: string): Promise<StoredRun> {
  const run = await store.run(runId);
  const suite = run === null ? null : await store.suite(run.suite, run.suiteVersion);
  if (run === null || suite === null) throw new Error(`run ${runId} is not in the database`);
  const [variants, taskSpecs] = [await store.variants(runId), await store.taskSpecs(runId)];
  const [slots, events] = [await store.slots(runId), await store.events(runId)];
  const states = groupBy(slots, ({ state }) => state);
  const content: RunCheckpoint = {
    format: RUN_FORMAT,
    run,
    counts: Object.fromEntries([...states].map(([state, { length }]) => [state, length])),
    suite,
    variants,
    task_specs: taskSpecs,
    slots,
    events,
  };
  const text = `${canonicalJson(z.encode(RunCheckpoint, content))}\n`;
  return { text, slots: new Set(slots.map(({ slotId }) => slotId)) };
}

/** The text of the checkpoint of an attempt that has ended. */
export async function episodeText(store: Pick<ResultStore, "steps">, entry: EpisodeEntry): Promise<string> {
  const content: EpisodeCheckpoint = {
    format: EPISODE_FORMAT,
    run_id: entry.runId,
    agent: entry.variantLabel,
    task_id: entry.taskId,
    slot: entry,
    episode: entry,
    steps: await store.steps(entry.episodeId),
  };
  return `${canonicalJson(z.encode(EpisodeCheckpoint, content))}\n`;
}
