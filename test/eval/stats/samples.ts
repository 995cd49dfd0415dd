import fc from "fast-check";
import type { Sample } from "../../../eval/stats/tasks.ts";

/** Samples of tasks t0, t1, …: one array of trials per task. */
export const samplesOf = (...tasks: readonly (readonly number[])[]): Sample[] =>
  tasks.flatMap((values, task) => values.map((value) => ({ taskId: `t${task}`, value })));

/** Any samples in [0, 1] of up to twelve tasks, none included. */
export const someSamples: fc.Arbitrary<Sample[]> = fc.array(
  fc.record({
    taskId: fc.integer({ min: 0, max: 11 }).map((task) => `t${task}`),
    value: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  }),
  { maxLength: 40 },
);
