import { StoreError } from "./errors.ts";
import type { SuiteRecord, TaskSpecRecord } from "./plan-records.ts";

/** Refuses a suite that is stored with another manifest: results of the two would be pooled. */
export function assertSameSuite(stored: SuiteRecord, given: Pick<SuiteRecord, "manifestSha256">): void {
  if (stored.manifestSha256 === given.manifestSha256) return;
  throw new StoreError(
    "SUITE_CHANGED",
    `Suite ${stored.suite}@${stored.version} is stored with manifest ${short(stored.manifestSha256)}, now it has ${short(given.manifestSha256)}.`,
  );
}

/** Refuses a task that is stored under the same version with another definition. */
export function assertSameSpec(stored: TaskSpecRecord, given: Pick<TaskSpecRecord, "specHash">): void {
  if (stored.specHash === given.specHash) return;
  throw new StoreError(
    "SUITE_CHANGED",
    `Task ${stored.taskId} of ${stored.suite}, version ${stored.specVersion}, is stored as ${short(stored.specHash)}, now it is ${short(given.specHash)}.`,
  );
}

const short = (hash: string) => `${hash.slice(0, 12)}…`;
