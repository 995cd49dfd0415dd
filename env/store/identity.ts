import { canonicalJson, sha256 } from "./canonical.ts";
import { StoreError } from "./errors.ts";
import type { VariantIdentity } from "./plan-records.ts";

/**
 * Which variant this is: the hash of all that distinguishes it, where left out and null are the same.
 * Throws StoreError UNSTORABLE naming the field.
 */
export function variantId(identity: VariantIdentity): string {
  const known = Object.entries(identity).filter(([, value]) => value !== null);
  try {
    return sha256(canonicalJson(Object.fromEntries(known)));
  } catch (error) {
    throw new StoreError("UNSTORABLE", `variant.${(error as Error).message}.`, { cause: error });
  }
}

/** Which slot this is: derived, so that planning twice adds nothing and shards of one run merge without doubles. */
export const slotId = (runId: string, slot: { variantId: string; specHash: string; seed: number }): string =>
  sha256(canonicalJson([runId, slot.variantId, slot.specHash, slot.seed]));

/** Which attempt at a slot this is. 128 bits, as it is repeated in every step. `attempt` counts from 1. */
export const episodeId = (slot: string, attempt: number): string => sha256(canonicalJson([slot, attempt])).slice(0, 32);
