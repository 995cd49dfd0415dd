import { z } from "zod";
import type { SlotRecord, SlotState } from "./plan-records.ts";
import { whole } from "./values.ts";

/** A slot that a worker plays, and the attempt that was begun with it. It is the worker's until the attempt ends. */
export interface Lease {
  readonly slot: SlotRecord;
  readonly episodeId: string;
  /** Counts from 1. */
  readonly attempt: number;
  /** Who claimed it: the token of the process that holds the run. */
  readonly worker: string;
}

/** Who claims, and what it is able to play. */
export interface Claim {
  readonly runId: string;
  readonly worker: string;
  /** Absent: slots of every variant. */
  readonly variantIds?: readonly string[];
  /** Most leases wanted. */
  readonly max: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The numbers of a claim. */
export const ClaimBounds = z.strictObject({ max: whole, at: whole });

/** How many slots of a run are in which state. */
export type QueueStats = Readonly<Record<SlotState, number>>;

/**
 * The slots that are to be played, in the order of play. A slot may be played more than once, its result counts exactly
 * once: `ResultStore.commitEpisode` ends the attempt and the lease in one transaction.
 */
export interface JobQueue {
  /**
   * Makes unscored slots pending again, all of them or none; those that are pending, played or scored stay as they are.
   * Idempotent. Rejects with NOT_FOUND.
   */
  enqueue(slotIds: readonly string[]): Promise<{ added: number; already: number }>;
  /** The same also for slots that have been scored: their next attempt counts when it has ended. Rejects with NOT_FOUND. */
  rerun(slotIds: readonly string[]): Promise<{ added: number; already: number }>;
  /**
   * Takes the first pending slots and begins an attempt at each, all in one transaction. Empty: nothing is left.
   * Rejects with LEASE_LOST unless the worker holds the run, or with NOT_FOUND.
   */
  claim(claim: Claim): Promise<Lease[]>;
  /**
   * Tells that the worker, and so the holder of the run, is alive. False when the attempt has ended, or the run is
   * another's: stop playing it.
   */
  extend(lease: Lease, at: number): Promise<boolean>;
  /** Gives a slot back unplayed: the attempt is `abandoned`, the slot pending again. False when it had ended. */
  release(lease: Lease, at: number): Promise<boolean>;
  /** All zero for an unknown run. */
  stats(runId: string): Promise<QueueStats>;
}
