import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makePlan } from "../../eval/plan.ts";
import type { Plan } from "../../eval/plan.ts";
import { evaluationSeed, FIRST_EVALUATION_SEED } from "../../eval/seeds.ts";
import { readVariants } from "../../eval/variants.ts";
import { coreSuite } from "../../tasks/index.ts";

const key = fc.record({
  salt: fc.string(),
  baseSeed: fc.nat(),
  taskId: fc.constantFrom(...coreSuite.tasks.map(({ id }) => id)),
  specVersion: fc.integer({ min: 1, max: 9 }),
  trial: fc.nat({ max: 1000 }),
});

const planned = (agents: string, ids: readonly string[], trials: number, changes: Partial<Plan> = {}): Plan =>
  makePlan({
    runId: "run",
    suite: coreSuite,
    tasks: coreSuite.tasks.filter(({ id }) => ids.includes(id)),
    variants: readVariants(agents),
    trials,
    baseSeed: 0,
    salt: "",
    ...changes,
  });

/** Seed of every trial: `inc-108/0`. */
const seedsOf = (plan: Plan): Record<string, number> =>
  Object.fromEntries(plan.slots.map(({ task, trial, seed }) => [`${task.id}/${trial}`, seed]));

describe("evaluation seeds", () => {
  test("are never training seeds, and always ones that a reset takes", () => {
    fc.assert(
      fc.property(key, (given) => {
        const seed = evaluationSeed(given);
        expect(Number.isSafeInteger(seed)).toBe(true);
        expect(seed).toBeGreaterThanOrEqual(FIRST_EVALUATION_SEED);
        expect(evaluationSeed({ ...given })).toBe(seed);
      }),
    );
    expect(FIRST_EVALUATION_SEED).toBe(1_000_000);
  });

  test("change with everything that they are derived from", () => {
    fc.assert(
      fc.property(key, (given) => {
        const seeds = [
          given,
          { ...given, salt: `${given.salt}x` },
          { ...given, baseSeed: given.baseSeed + 1 },
          { ...given, taskId: `${given.taskId}0` },
          { ...given, specVersion: given.specVersion + 1 },
          { ...given, trial: given.trial + 1 },
        ].map(evaluationSeed);
        expect(new Set(seeds).size).toBe(seeds.length);
      }),
    );
  });

  test("are the published derivation", () => {
    const seed = evaluationSeed({ salt: "", baseSeed: 0, taskId: "inc-108", specVersion: 1, trial: 0 });
    expect(seed).toMatchInlineSnapshot(`178921504305077`);
  });

  test("do not depend on what else is played, by whom and in which order", () => {
    const all = seedsOf(
      planned(
        "random,runbook,expert",
        coreSuite.tasks.map(({ id }) => id),
        3,
      ),
    );
    const few = seedsOf(planned("expert", ["inc-131", "inc-108"], 2));
    expect(Object.keys(few)).toHaveLength(4);
    for (const [trial, seed] of Object.entries(few)) expect(all[trial]).toBe(seed);
    const reversed = planned("expert", [], 2, { tasks: coreSuite.tasks.toReversed() });
    expect(seedsOf(reversed)).toEqual(
      seedsOf(
        planned(
          "random",
          coreSuite.tasks.map(({ id }) => id),
          2,
        ),
      ),
    );
  });

  test("are the same for every agent, so that agents can be compared in pairs", () => {
    const { slots } = planned("random,expert", ["inc-108"], 2);
    expect(slots.map(({ seed }) => seed)).toEqual([slots[0]?.seed, slots[0]?.seed, slots[2]?.seed, slots[2]?.seed]);
    expect(new Set(slots.map(({ slotId }) => slotId)).size).toBe(4);
  });

  test("of a private salt are unpublished ones, and the fingerprint tells", () => {
    const [open, salted] = ["", "secret"].map((salt) => planned("random", ["inc-108", "inc-131"], 2, { salt })) as [
      Plan,
      Plan,
    ];
    const published = new Set(Object.values(seedsOf(open)));
    expect(Object.values(seedsOf(salted)).filter((seed) => published.has(seed))).toEqual([]);
    expect(salted.fingerprint).not.toBe(open.fingerprint);
    expect(JSON.stringify(salted.fingerprint)).not.toContain("secret");
  });
});
