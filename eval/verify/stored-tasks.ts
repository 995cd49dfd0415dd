import { Task } from "../../env/core/task.ts";
import type { TaskSpecRecord } from "../../env/store/store.ts";
import { canonicalJson, sha256 } from "../../env/store/trajectory.ts";
import { unlessEqual } from "./problem.ts";
import type { Problem } from "./problem.ts";

/** The tasks of a run by the hash of their definition, and what is wrong with those that are missing. */
export interface StoredTasks {
  readonly tasks: ReadonlyMap<string, Task>;
  readonly problems: readonly Problem[];
}

/** Tasks as they are stored with a run: results stay checkable when the suite has moved on. */
export function storedTasks(specs: readonly TaskSpecRecord[]): StoredTasks {
  const tasks = new Map<string, Task>();
  const problems: Problem[] = [];
  for (const { specHash, taskId, specVersion, difficulty, spec } of specs) {
    const what = `task ${taskId}`;
    const read = Task.safeParse(spec);
    const found = read.success
      ? [
          ...unlessEqual(`${what} definition`, specHash, sha256(canonicalJson(read.data))),
          ...unlessEqual(`${what} id`, read.data.id, taskId),
          ...unlessEqual(`${what} spec_version`, read.data.spec_version, specVersion),
          ...unlessEqual(`${what} difficulty`, read.data.difficulty, difficulty),
        ]
      : [{ what: `${what} definition`, detail: read.error.issues[0]?.message ?? "it is no task" }];
    problems.push(...found);
    if (read.success && found.length === 0) tasks.set(specHash, read.data);
  }
  return { tasks, problems };
}
