import { createHash } from "node:crypto";
import { canonicalJson } from "../env/store/canonical.ts";

/** Seeds below are for training; those of evaluations never lie among them. */
export const FIRST_EVALUATION_SEED = 1_000_000;

/** What an evaluation seed is derived from. */
export interface SeedKey {
  /** An organisation's secret, so that its seeds are unpublished; empty by default. */
  readonly salt: string;
  readonly baseSeed: number;
  readonly taskId: string;
  readonly specVersion: number;
  /** Counts from 0. */
  readonly trial: number;
}

/**
 * The seed of a trial: the same under any filter, order and agent, so that agents can be compared in pairs.
 * @returns 1,000,000 + the first 48 bits of a SHA-256
 */
export function evaluationSeed({ salt, baseSeed, taskId, specVersion, trial }: SeedKey): number {
  const key = canonicalJson([salt, baseSeed, taskId, specVersion, trial]);
  return FIRST_EVALUATION_SEED + createHash("sha256").update(key).digest().readUIntBE(0, 6);
}
