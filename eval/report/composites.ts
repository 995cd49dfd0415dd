import { actionDef } from "../../env/core/actions/index.ts";
import type { Remedy } from "../../env/core/actions/index.ts";
import { parseAction } from "../../env/core/actions/parse.ts";
import type { StepRecord } from "../../env/store/store.ts";
import { bootstrapRatio } from "../stats/bootstrap.ts";
import { NOTHING, RESAMPLING_SEED } from "../stats/estimate.ts";
import type { TaskEstimate } from "../stats/estimate.ts";
import { scoredOf } from "./entry.ts";
import type { Entry } from "./entry.ts";
import { metricsOf } from "./metrics.ts";
import type { ResultReader } from "./reader.ts";

/** Milo-Bench's three composite rates of an entry. */
export interface Composites {
  readonly label: string;
  /** Valid actions of all actions. */
  readonly toolCallSuccess: TaskEstimate;
  readonly taskCompletion: TaskEstimate;
  /** Changes to a key, or restarts of a service, that was changed before in the same episode, of all changes. */
  readonly reworkRate: TaskEstimate;
}

export async function compositesOf(reader: ResultReader, entry: Entry, label: string): Promise<Composites> {
  const scored = scoredOf(entry);
  const rework: { taskId: string; numerator: number; denominator: number }[] = [];
  for (const { episodeId, taskId, changes } of scored) {
    const again = changes < 2 ? 0 : repeatedChanges(await reader.steps(episodeId));
    rework.push({ taskId, numerator: again, denominator: changes });
  }
  const calls = scored.map(({ taskId, steps, invalidActions }) => ({
    taskId,
    numerator: steps - invalidActions,
    denominator: steps,
  }));
  return {
    label,
    toolCallSuccess: bootstrapRatio(calls, RESAMPLING_SEED),
    taskCompletion: metricsOf(scored, ["success_rate"]).success_rate ?? NOTHING,
    reworkRate: bootstrapRatio(rework, RESAMPLING_SEED),
  };
}

/** Valid changes of what an earlier one of the episode had changed already. */
function repeatedChanges(steps: readonly StepRecord[]): number {
  const touched = new Set<string>();
  let again = 0;
  for (const { action, valid } of steps) {
    const parsed = valid ? parseAction(action) : null;
    if (parsed?.ok !== true || actionDef(parsed.action.type).kind !== "remediate") continue;
    const change = parsed.action as Remedy;
    const target = change.type === "update_config" ? `${change.service}.${change.key}` : change.service;
    if (touched.has(target)) again += 1;
    touched.add(target);
  }
  return again;
}
