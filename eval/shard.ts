import { z } from "zod";
import { UsageError } from "./errors.ts";

/** Shards that a run may have. */
const MOST_SHARDS = 1000;

/** A part of a run that is played by itself, and merged with the others later. `index` counts from 1. */
export const Shard = z
  .strictObject({ index: z.int().min(1), count: z.int().min(1).max(MOST_SHARDS) })
  .refine(({ index, count }) => index <= count, "expected an index of at most the count");
export type Shard = z.output<typeof Shard>;

/**
 * Reads `2/5`.
 * @throws UsageError
 */
export function readShard(text: string): Shard {
  const [, index, count] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text.trim()) ?? []).map(Number);
  const parsed = Shard.safeParse({ index, count });
  if (parsed.success) return parsed.data;
  throw new UsageError(`Shard "${text}" is none. Expected i/n with i from 1 to n, n at most ${MOST_SHARDS}: 1/4.`);
}

/** Whether a slot is played in this shard: every slot is in exactly one of them, by its hash. */
export const isInShard = (slotId: string, { index, count }: Shard): boolean =>
  Number.parseInt(slotId.slice(0, 12), 16) % count === index - 1;
