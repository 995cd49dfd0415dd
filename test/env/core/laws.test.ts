import fc from "fast-check";
import { describe, test } from "vitest";
import { coreSuite } from "../../../tasks/index.ts";
import { laws } from "../../laws.ts";
import { actionSequence, anySeed } from "./arbitraries.ts";

/** Few, because every law is tried on every task; long sweeps belong elsewhere. */
const RUNS = 3;

describe.for(Object.entries(laws))("%s", ([, law]) => {
  // The law itself expects.
  // oxlint-disable-next-line vitest/expect-expect
  test.for(coreSuite.tasks.map((task) => [task.id, task] as const))("holds for %s", ([, task]) => {
    fc.assert(
      fc.property(anySeed, actionSequence, (seed, actions) => law(task, seed, actions)),
      { numRuns: RUNS },
    );
  });
});
