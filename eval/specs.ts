import { suiteId } from "../env/core/task.ts";
import type { Suite, Task } from "../env/core/task.ts";
import { ENV_VERSION, SCORING_VERSION } from "../env/core/version.ts";
import { canonicalJson, sha256 } from "../env/store/canonical.ts";
import type { NewSuite, TaskSpecRecord } from "../env/store/store.ts";

/** Hash of a task's definition: two that differ in a byte are two tasks. */
export const specHash = (task: Task): string => sha256(canonicalJson(task));

/** A task as the store keeps it. */
export const taskSpec = (suite: Suite, task: Task): TaskSpecRecord => ({
  specHash: specHash(task),
  suite: suiteId(suite),
  taskId: task.id,
  specVersion: task.spec_version,
  difficulty: task.difficulty,
  spec: task,
});

/** A suite as the store keeps it: the hash of every task in it. */
export function suiteRecord(suite: Suite): NewSuite {
  const manifest = {
    splits: suite.splits,
    tasks: Object.fromEntries(suite.tasks.map((task) => [task.id, specHash(task)])),
  };
  return {
    suite: suite.name,
    version: suite.version,
    manifest,
    manifestSha256: sha256(canonicalJson(manifest)),
    envVersion: ENV_VERSION,
    scoringVersion: SCORING_VERSION,
  };
}
