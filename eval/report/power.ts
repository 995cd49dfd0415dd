import { pairsNeeded, smallestDetectable } from "../stats/power.ts";
import type { Row } from "./board.ts";
import { count } from "./numbers.ts";

/**
 * What so many tasks can tell apart, as a sentence: a smaller difference may well be there, unseen. Trials of one task
 * are alike, so tasks are counted and not episodes; trials sharpen each task's mean, and so the bound is cautious.
 */
export function powerSentence(rows: readonly Pick<Row, "summary">[]): string {
  const tasks = Math.max(0, ...rows.map(({ summary }) => summary.metrics.success_rate?.tasks ?? 0));
  const smallest = smallestDetectable(tasks);
  if (smallest === null) return "Nothing was scored, so that nothing can be told apart.";
  const needed = `0.10 would need ${pairsNeeded(0.1)}.`;
  if (smallest > 1) return `${count(tasks, "task")} can tell nothing apart; ${needed}`;
  return `${count(tasks, "task")} can tell apart differences of ${smallest.toFixed(2)} or more (80 % power, one trial each); ${needed}`;
}
