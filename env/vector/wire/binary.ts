import { MASK_BYTES } from "../actions/mask.ts";
import { ACTIONS } from "../actions/table.ts";
import { asBatch, BatchBuffer, batchLayout, recordBytes } from "../batch.ts";
import { readRecords } from "../ended.ts";
import { FEATURE_COUNT } from "../features/table.ts";
import type { VectorBatch } from "../vector-env.ts";

/** "OCV1", little endian. */
const MAGIC = 0x3156434f;
const [STEP, BATCH] = [1, 2] as const;
const STEP_HEADER_BYTES = 16;
const BATCH_HEADER_BYTES = 32;
/** Bits of a batch's fifth byte. */
const [IS_RESET, WITH_FINALS] = [1, 2] as const;

/** A binary step request: `0xFFFF` leaves an environment as it is. */
export interface BinaryStep {
  readonly seq: number;
  readonly actions: Uint16Array;
}

/** Reads a binary frame; a text says what is wrong with one that is no step request. */
export function readBinaryStep(frame: Uint8Array): BinaryStep | string {
  if (frame.byteLength < STEP_HEADER_BYTES) {
    return `Expected a step request of at least ${STEP_HEADER_BYTES} bytes, got ${frame.byteLength}.`;
  }
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== MAGIC) return "Expected a frame that begins with the bytes 4F 43 56 31.";
  if (view.getUint32(4, true) !== STEP) return "Expected kind 1, a step request, followed by three zero bytes.";
  const count = view.getUint32(12, true);
  const expected = STEP_HEADER_BYTES + 2 * count;
  if (frame.byteLength !== expected) {
    return `Expected ${expected} bytes for ${count} environments, got ${frame.byteLength}.`;
  }
  const actions = new Uint16Array(count);
  for (let i = 0; i < count; i += 1) actions[i] = view.getUint16(STEP_HEADER_BYTES + 2 * i, true);
  return { seq: view.getUint32(8, true), actions };
}

/** A step request as bytes. */
export function binaryStep({ seq, actions }: BinaryStep): Uint8Array {
  const frame = new Uint8Array(STEP_HEADER_BYTES + 2 * actions.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, STEP, true);
  view.setUint32(8, seq, true);
  view.setUint32(12, actions.length, true);
  actions.forEach((action, i) => view.setUint16(STEP_HEADER_BYTES + 2 * i, action, true));
  return frame;
}

/** What stands in the header of a batch besides its sizes. */
export interface BatchHead {
  readonly seq: number;
  readonly numEnvs: number;
  readonly isReset: boolean;
  readonly withFinals: boolean;
  readonly ended: number;
}

/** Writes the header; the batch then is the bytes that are returned, without a copy. */
export function binaryBatch({ memory }: BatchBuffer, head: BatchHead): Uint8Array {
  const view = new DataView(memory);
  view.setUint32(0, MAGIC, true);
  view.setUint8(4, BATCH);
  view.setUint8(5, (head.isReset ? IS_RESET : 0) | (head.withFinals ? WITH_FINALS : 0));
  view.setUint16(6, BATCH_HEADER_BYTES, true);
  view.setUint32(8, head.seq, true);
  view.setUint32(12, head.numEnvs, true);
  view.setUint32(16, FEATURE_COUNT, true);
  view.setUint32(20, ACTIONS.length, true);
  view.setUint32(24, MASK_BYTES, true);
  view.setUint32(28, head.ended, true);
  return new Uint8Array(memory, 0, batchLayout(head.numEnvs).ended + recordBytes(head.withFinals) * head.ended);
}

/**
 * Takes a batch apart without a copy.
 * @returns null for bytes that are no batch of this many environments under these tables
 */
export function readBinaryBatch(memory: ArrayBuffer, numEnvs: number): VectorBatch | null {
  if (memory.byteLength < BATCH_HEADER_BYTES) return null;
  const view = new DataView(memory);
  const sizes = [view.getUint32(12, true), view.getUint32(16, true), view.getUint32(24, true)];
  const expected = [numEnvs, FEATURE_COUNT, MASK_BYTES];
  if (view.getUint32(0, true) !== MAGIC || view.getUint8(4) !== BATCH) return null;
  if (sizes.some((size, i) => size !== expected[i])) return null;
  const withFinals = (view.getUint8(5) & WITH_FINALS) !== 0;
  const count = view.getUint32(28, true);
  const endedAt = batchLayout(numEnvs).ended;
  if (memory.byteLength !== endedAt + recordBytes(withFinals) * count) return null;
  return asBatch(new BatchBuffer(numEnvs, memory), readRecords(memory, endedAt, count, withFinals));
}
