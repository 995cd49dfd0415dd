import { LocalVectorEnv } from "./local-vector-env.ts";
import { checkSizes } from "./options.ts";
import { WorkerVectorEnv } from "./workers/worker-vector-env.ts";
import type { VectorEnv, VectorOptions } from "./vector-env.ts";

export { vectorSpec } from "./spec.ts";
export type { SpecAction, SpecFeature, VectorSpec } from "./spec.ts";
export { AUTORESETS, ENDINGS, FLAGS, NO_STEP } from "./vector-env.ts";
export type {
  Autoreset,
  EndedRecord,
  VectorAction,
  VectorBatch,
  VectorEnv,
  VectorOptions,
  VectorReset,
} from "./vector-env.ts";

/**
 * N episodes side by side in this process.
 * @throws EnvError BAD_OPTION for sizes that cannot be, and options that leave nothing to draw from
 */
export function makeVectorEnv(options: VectorOptions): VectorEnv {
  checkSizes(options);
  const { workers = 0 } = options;
  return workers > 0 ? new WorkerVectorEnv({ ...options, workers }) : new LocalVectorEnv(options);
}
