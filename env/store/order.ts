import { StoreError } from "./errors.ts";

/**
 * The slots of a run in another order of play: those named first, then the others as they were.
 * Throws StoreError NOT_FOUND for one that is not of the run.
 */
export function reordered(runId: string, slotIds: readonly string[], first: readonly string[]): string[] {
  const known = new Set(slotIds);
  const stranger = first.find((id) => !known.has(id));
  if (stranger !== undefined) throw new StoreError("NOT_FOUND", `Slot "${stranger}" of run "${runId}".`);
  return [...new Set([...first, ...slotIds])];
}
