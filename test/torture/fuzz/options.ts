import fc from "fast-check";
import { REWARD_MODES } from "../../../env/core/reward.ts";
import { SPLITS } from "../../../env/core/task.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { mutated } from "./request.ts";
import type { Kind } from "./request.ts";

const smallest = Math.min(...SPLITS.map((split) => coreSuite.splits[split].length));

/** Options that every suite of this shape takes, and none contradicts another. */
const valid: fc.Arbitrary<object> = fc
  .tuple(
    fc.record(
      {
        seed: fc.maxSafeNat(),
        episode_id: fc.stringMatching(/^[ -~]{0,40}$/),
        reward_mode: fc.constantFrom(...REWARD_MODES),
        text: fc.boolean(),
        trainer_step: fc.nat(),
      },
      { requiredKeys: [] },
    ),
    fc.oneof(
      fc.constant({}),
      fc.record({ split: fc.constantFrom(...SPLITS, "all") }),
      fc.record({ split: fc.constantFrom(...SPLITS), index: fc.nat(smallest - 1) }),
      fc.record({ task_id: fc.constantFrom(...coreSuite.tasks.map(({ id }) => id)), split: fc.constant("all") }),
      fc.record({ difficulty: fc.constantFrom("easy", "medium", "hard"), split: fc.constant("all") }),
    ),
    fc.boolean(),
  )
  .map(([some, choice, isNested]) => (isNested ? { ...some, options: choice } : { ...some, ...choice }));

/** Values that an option cannot have. */
const wrong: Readonly<Record<string, readonly unknown[]>> = {
  seed: [-1, 0.5, "7", 2 ** 53, 1e300, true, [], {}],
  task_id: ["inc-1", "", "__proto__", 101, [], `inc-117\0`],
  split: ["none", "TRAIN", 0, [], ""],
  index: [-1, 10_000, "3", 0.5, {}],
  difficulty: ["extreme", 1, ["easy"]],
  episode_id: ["x".repeat(256), "\n", "\ud800", 7, {}],
  reward_mode: ["dense", 0, ["sparse"]],
  text: ["false", 0, 1, []],
  options: [[], "seed=1", 5, true],
};
const negative = fc
  .tuple(
    fc.constantFrom(
      ...Object.entries(wrong).flatMap(([name, values]) => values.map((value) => [name, value] as const)),
    ),
    fc.nat(9),
  )
  .map(([[name, value], seed]) => ({ ...(name === "seed" ? {} : { seed }), [name]: value }));

/** Options of a reset. */
export const resetOptions: Readonly<Record<Kind, fc.Arbitrary<object>>> = { valid, near: mutated(valid), negative };
