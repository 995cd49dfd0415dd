import { MASK_BYTES } from "../actions/mask.ts";
import { FEATURE_COUNT } from "../features/table.ts";
import type { EndedRecord, VectorBatch } from "../vector-env.ts";
import { Slices } from "./slices.ts";

/** What a trainer of language models is shown instead of features. */
export interface FullObservations {
  /** A3's object for each environment. */
  readonly observations: readonly object[];
  /** The last one of each ended episode, by environment, where the batch holds a new episode's. */
  readonly finals: ReadonlyMap<number, object>;
}

/** A batch as JSON, written in slices; numbers are the same single-precision ones as in binary. */
export async function jsonBatch(seq: number, batch: VectorBatch, full: FullObservations | null): Promise<string> {
  const numEnvs = batch.rewards.length;
  const slices = new Slices();
  const observations: string[] = [];
  for (let env = 0; env < numEnvs; env += 1) {
    observations.push(full === null ? rowText(batch.observations, env) : JSON.stringify(full.observations[env]));
    if (slices.isOver) await slices.pause(); // oxlint-disable-line no-await-in-loop
  }
  const ended: string[] = [];
  for (const record of batch.ended) {
    ended.push(recordText(record, full));
    if (slices.isOver) await slices.pause(); // oxlint-disable-line no-await-in-loop
  }
  const { rewards, terminated, truncated, flags, masks } = batch;
  const rest = JSON.stringify({
    seq,
    rewards: Array.from(rewards),
    terminated: Array.from(terminated, Boolean),
    truncated: Array.from(truncated, Boolean),
    flags: Array.from(flags),
    masks: Array.from(flags, (_, env) => Buffer.from(maskOf(masks, env)).toString("base64")),
  });
  const data = `${rest.slice(0, -1)},"observations":[${observations.join(",")}],"ended":[${ended.join(",")}]}`;
  return `{"type":"vector_batch","data":${data}}`;
}

const maskOf = (masks: Uint8Array, env: number): Uint8Array => masks.subarray(MASK_BYTES * env, MASK_BYTES * (env + 1));

/** One row of features as a JSON list: all are finite, and print as JSON has them. */
const rowText = (rows: Float32Array, env: number): string =>
  `[${rows.subarray(FEATURE_COUNT * env, FEATURE_COUNT * (env + 1)).join(",")}]`;

function recordText({ finalObservation, ...record }: EndedRecord, full: FullObservations | null): string {
  const text = JSON.stringify(record);
  if (finalObservation === undefined) return text;
  const final = full === null ? rowText(finalObservation, 0) : JSON.stringify(full.finals.get(record.env));
  return `${text.slice(0, -1)},"final_observation":${final}}`;
}
