import { z } from "zod";
import { EpisodeRecord, RunEventRecord, StepRecord } from "../../env/store/episode-records.ts";
import { RunRecord, SlotRecord, SuiteRecord, TaskSpecRecord, VariantRecord } from "../../env/store/plan-records.ts";
import type { RecordSchema } from "../../env/store/rows.ts";
import { lineOf, recordOf } from "../export/bundle/files.ts";

/** What checkpoints hold: records of the store, each under the public names of its columns, as in a bundle. */

/** Raised with every change of what a file holds; a file of another version is not read. */
export const RUN_FORMAT = "oncall-gym/run@1";
export const EPISODE_FORMAT = "oncall-gym/episode@1";

/** A record, which has to be one that the store would take. */
const stored = <Schema extends RecordSchema>(name: string, schema: Schema) =>
  z.codec(z.record(z.string(), z.unknown()), z.custom<z.output<Schema>>(), {
    decode: (named, context) => {
      try {
        return recordOf(name, schema, JSON.stringify(named));
      } catch (error) {
        context.issues.push({ code: "custom", message: (error as Error).message, input: named });
        return z.NEVER;
      }
    },
    encode: (record) => JSON.parse(lineOf(schema, record)) as Record<string, unknown>,
  });

/** Slots as they were planned; what came of them is in the files of the episodes. */
const PlannedSlot = SlotRecord.pick({ variantId: true, specHash: true, seed: true, trial: true, ordinal: true });
const plannedSlot = stored("slot", PlannedSlot);

/** Everything about a run but its episodes. Which process held it is left out. */
export const RunCheckpoint = z.strictObject({
  format: z.literal(RUN_FORMAT),
  run: stored("run", RunRecord.omit({ owner: true, heartbeatAt: true })),
  /** Slots by state, when the file was written. */
  counts: z.record(z.string(), z.int().min(0)),
  suite: stored("suite", SuiteRecord),
  variants: z.array(stored("variant", VariantRecord)),
  task_specs: z.array(stored("task_spec", TaskSpecRecord)),
  slots: z.array(plannedSlot),
  events: z.array(stored("run_event", RunEventRecord)),
});
export type RunCheckpoint = z.output<typeof RunCheckpoint>;

/** An attempt that has ended, with its steps. */
export const EpisodeCheckpoint = z.strictObject({
  format: z.literal(EPISODE_FORMAT),
  run_id: z.string(),
  /** For people. */
  agent: z.string(),
  task_id: z.string(),
  slot: plannedSlot,
  episode: stored("episode", EpisodeRecord),
  steps: z.array(stored("step", StepRecord.omit({ episodeId: true }))),
});
export type EpisodeCheckpoint = z.output<typeof EpisodeCheckpoint>;
