import { clusteredRate } from "./clustered.ts";
import type { TaskEstimate } from "./estimate.ts";
import { groupByTask, sum, type Sample } from "./tasks.ts";
import { wilson } from "./wilson.ts";

/**
 * Success rate with the interval that fits the design: Wilson's where the episodes are independent (one trial per
 * task, or one task alone, where the claim is about that task), the clustered t interval otherwise.
 * @param samples 1 for a success, 0 for a failure
 */
export function successRate(samples: readonly Sample[]): TaskEstimate {
  const groups = groupByTask(samples);
  const independent = groups.length === 1 || groups.every(({ values }) => values.length === 1);
  if (!independent) return clusteredRate(samples);
  return { ...wilson(sum(samples.map(({ value }) => value)), samples.length), tasks: groups.length };
}
