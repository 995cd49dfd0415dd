import type { Verdict } from "../core/verdict.ts";
import { recordBytes } from "./batch.ts";
import { FEATURE_COUNT } from "./features/table.ts";
import { ENDINGS } from "./vector-env.ts";
import type { EndedRecord } from "./vector-env.ts";

/** Number of an ending on the wire; 0 for one that the harness made. */
export const endingNumber = (ended: Verdict["ended"]): number =>
  Object.hasOwn(ENDINGS, ended) ? ENDINGS[ended as keyof typeof ENDINGS] : 0;

/**
 * Writes the record of an ended episode as it goes over the wire.
 * @param offset multiple of four
 * @param final the last observation; absent where the batch itself holds it
 */
export function writeRecord(
  memory: ArrayBufferLike,
  offset: number,
  { env, score, return: returned, steps, ending }: Omit<EndedRecord, "finalObservation">,
  final: Float32Array | null,
): void {
  const view = new DataView(memory, offset);
  view.setUint32(0, env, true);
  view.setFloat32(4, score, true);
  view.setFloat32(8, returned, true);
  view.setUint32(12, steps, true);
  view.setUint32(16, ending, true);
  if (final !== null) new Float32Array(memory, offset + recordBytes(false), FEATURE_COUNT).set(final);
}

/** Reads records back; final observations are views into the memory. */
export function readRecords(memory: ArrayBufferLike, from: number, count: number, withFinal: boolean): EndedRecord[] {
  return Array.from({ length: count }, (_, i) => {
    const offset = from + i * recordBytes(withFinal);
    const view = new DataView(memory, offset);
    const record = {
      env: view.getUint32(0, true),
      score: view.getFloat32(4, true),
      return: view.getFloat32(8, true),
      steps: view.getUint32(12, true),
      ending: view.getUint32(16, true),
    };
    const final = new Float32Array(memory, offset + recordBytes(false), withFinal ? FEATURE_COUNT : 0);
    return withFinal ? { ...record, finalObservation: final } : record;
  });
}
