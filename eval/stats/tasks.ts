/** One scored episode's value of some quantity. A success is 1, a failure 0. Unscored episodes are not passed in. */
export interface Sample {
  readonly taskId: string;
  readonly value: number;
}

/** All values of one task. */
export interface TaskGroup {
  readonly taskId: string;
  readonly values: readonly number[];
}

/**
 * Groups samples by task. Tasks and the values inside each are sorted, so that the same samples in any order give the
 * same bits: sums of doubles depend on their order, and rows come from a store in any.
 */
export function groupByTask(samples: readonly Sample[]): TaskGroup[] {
  const groups = new Map<string, number[]>();
  for (const { taskId, value } of samples) {
    const values = groups.get(taskId);
    if (values) values.push(value);
    else groups.set(taskId, [value]);
  }
  return [...groups]
    .map(([taskId, values]) => ({ taskId, values: values.toSorted((a, b) => a - b) }))
    .toSorted((a, b) => byCodeUnit(a.taskId, b.taskId));
}

/** Order by UTF-16 code unit: the same on every machine, where `localeCompare` is not. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Sum; 0 over nothing. */
export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** The mean of each task, in the order of the groups: each task weighs the same, however often it was tried. */
export const taskMeans = (groups: readonly TaskGroup[]): number[] =>
  groups.map(({ values }) => sum(values) / values.length);
