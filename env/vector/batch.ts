import { MASK_BYTES } from "./actions/mask.ts";
import { FEATURE_COUNT } from "./features/table.ts";
import type { EndedRecord, VectorBatch } from "./vector-env.ts";

const HEADER_BYTES = 32;
const RECORD_BYTES = 20;

/** Blocks begin at multiples of four. */
export const padded = (bytes: number): number => Math.ceil(bytes / 4) * 4;

/** Where the blocks of a batch begin, in bytes. */
export interface BatchLayout {
  readonly observations: number;
  readonly rewards: number;
  readonly terminated: number;
  readonly truncated: number;
  readonly flags: number;
  readonly masks: number;
  readonly ended: number;
}

export function batchLayout(numEnvs: number): BatchLayout {
  const observations = HEADER_BYTES;
  const rewards = observations + 4 * FEATURE_COUNT * numEnvs;
  const terminated = rewards + 4 * numEnvs;
  const masks = terminated + padded(3 * numEnvs);
  return {
    observations,
    rewards,
    terminated,
    truncated: terminated + numEnvs,
    flags: terminated + 2 * numEnvs,
    masks,
    ended: masks + padded(MASK_BYTES * numEnvs),
  };
}

/** Bytes of one record of an ended episode. */
export const recordBytes = (withFinal: boolean): number => RECORD_BYTES + (withFinal ? 4 * FEATURE_COUNT : 0);

/**
 * The numbers of one batch in one block of memory, laid out as they go over the wire: what was stepped is sent as it
 * is. Behind the masks there is room for a record of every environment.
 */
export class BatchBuffer {
  readonly memory: ArrayBufferLike;
  readonly observations: Float32Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly flags: Uint8Array;
  readonly masks: Uint8Array;

  constructor(numEnvs: number, memory: ArrayBufferLike = new ArrayBuffer(batchBytes(numEnvs))) {
    const at = batchLayout(numEnvs);
    this.memory = memory;
    this.observations = new Float32Array(memory, at.observations, FEATURE_COUNT * numEnvs);
    this.rewards = new Float32Array(memory, at.rewards, numEnvs);
    this.terminated = new Uint8Array(memory, at.terminated, numEnvs);
    this.truncated = new Uint8Array(memory, at.truncated, numEnvs);
    this.flags = new Uint8Array(memory, at.flags, numEnvs);
    this.masks = new Uint8Array(memory, at.masks, MASK_BYTES * numEnvs);
  }
}

/** What callers see of a buffer. */
export function asBatch(buffer: BatchBuffer, ended: readonly EndedRecord[]): VectorBatch {
  const { observations, rewards, terminated, truncated, flags, masks } = buffer;
  return { observations, rewards, terminated, truncated, flags, masks, ended };
}

/** Bytes of a batch in which every episode ended. */
export const batchBytes = (numEnvs: number): number => batchLayout(numEnvs).ended + recordBytes(true) * numEnvs;
