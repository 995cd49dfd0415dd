import { z } from "zod";
import { StoreError } from "./errors.ts";
import { RunOwner, RunRecord } from "./plan-records.ts";
import { asStored, encodeRow } from "./rows.ts";
import type { HoldClaim, RefusedHold } from "./store.ts";

/** Who may have a run: what every store decides alike, within one transaction. */

/** The columns of a run that say who holds it. */
export const RunHold = z.strictObject(RunRecord.pick({ runId: true, owner: true, heartbeatAt: true }).shape);

/** The row that a claim writes. Throws StoreError UNSTORABLE naming the field. */
export const holdRow = (runId: string, { owner, at }: HoldClaim) =>
  encodeRow("run", RunHold, { runId, owner: asStored("run.owner", RunOwner, owner), heartbeatAt: at });

/** Null when the run is the claimant's to take: nobody's, its own already, or that of the holder that it replaces. */
export function refusedHold(
  { owner, heartbeatAt }: Pick<RunRecord, "owner" | "heartbeatAt">,
  claim: HoldClaim,
): RefusedHold | null {
  if (owner === null || owner.token === claim.owner.token || owner.token === claim.replaces) return null;
  return { status: "refused", owner, heartbeatAt: heartbeatAt ?? 0 };
}

/** Throws StoreError LEASE_LOST when a run is not, or no longer, the worker's. */
export function assertHolds({ runId, owner }: Pick<RunRecord, "runId" | "owner">, worker: string): void {
  if (owner?.token === worker) return;
  const holder = owner === null ? "nobody" : `process ${owner.pid} on ${owner.host}`;
  throw new StoreError("LEASE_LOST", `Run "${runId}" is held by ${holder}.`);
}
