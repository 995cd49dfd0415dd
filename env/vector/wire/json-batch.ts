import { MASK_BYTES } from "../actions/mask.ts";
import { FEATURE_COUNT } from "../features/table.ts";
import type { VectorBatch } from "../vector-env.ts";

/** What a trainer of language models is shown instead of features. */
export interface FullObservations {
  /** A3's object for each environment. */
  readonly observations: readonly object[];
  /** The last one of each ended episode, by environment, where the batch holds a new episode's. */
  readonly finals: ReadonlyMap<number, object>;
}

/** A batch as JSON; numbers are the same single-precision ones as in binary. */
export function jsonBatch(seq: number, batch: VectorBatch, full: FullObservations | null): string {
  const numEnvs = batch.rewards.length;
  const perEnv = <T>(one: (env: number) => T): T[] => Array.from({ length: numEnvs }, (_, env) => one(env));
  return JSON.stringify({
    type: "vector_batch",
    data: {
      seq,
      observations:
        full?.observations ??
        perEnv((env) => Array.from(batch.observations.subarray(FEATURE_COUNT * env, FEATURE_COUNT * (env + 1)))),
      rewards: Array.from(batch.rewards),
      terminated: perEnv((env) => batch.terminated[env] === 1),
      truncated: perEnv((env) => batch.truncated[env] === 1),
      flags: Array.from(batch.flags),
      masks: perEnv((env) =>
        Buffer.from(batch.masks.subarray(MASK_BYTES * env, MASK_BYTES * (env + 1))).toString("base64"),
      ),
      ended: batch.ended.map(({ finalObservation, ...record }) => ({
        ...record,
        ...(finalObservation === undefined
          ? {}
          : { final_observation: full?.finals.get(record.env) ?? Array.from(finalObservation) }),
      })),
    },
  });
}
