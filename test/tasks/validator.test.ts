import { describe, expect, test } from "vitest";
import { defineTask } from "../../env/core/task.ts";
import type { Sibling, Task } from "../../env/core/task.ts";
import { validateInstance } from "../../tasks/validate.ts";
import { taskOf } from "../helpers.ts";

/** A sound task, of which each test breaks one thing. */
const sound = taskOf("inc-117");
const [mode, address] = sound.siblings as [Sibling, Sibling];
const cure = mode.fixes[0] as Sibling["fixes"][number];
const decoy = mode.distractors[0] as Sibling["fixes"][number];

const broken = (changes: Partial<Sibling>, rest: readonly Sibling[] = [address]): Task =>
  defineTask({ ...sound, siblings: [{ ...mode, ...changes }, ...rest] });

/** Names of the checks that a task's first sibling fails. */
const caught = (task: Task, seed = 2): string[] => [
  ...new Set(validateInstance(task, seed, 0).map(({ check }) => check)),
];

describe("the instance validator", () => {
  test("finds nothing in a sound task", () => {
    expect(validateInstance(sound, 2, 0)).toEqual([]);
    expect(validateInstance(broken({}), 2, 0)).toEqual([]);
  });

  test("says which task, seed and sibling it speaks of, and what to change", () => {
    const [problem] = validateInstance(broken({ fixes: [decoy] }), 2, 0);
    expect(problem).toMatchObject({ task: "inc-117", seed: 2, sibling: 0, check: "fix" });
    expect(problem?.detail).toMatch(/leaves .*availability_ratio/);
  });

  test("catches an incident that heals by itself", () => {
    const burst = broken({
      faults: [{ class: "mode", set: [{ service: "database", key: "read_only", value: false }] }],
      onset: [{ ticks: 30 }, { ticks: 8, load: 2.4 }],
      needed: [
        { kind: "config", service: "database", key: "read_only" },
        { kind: "status", service: "database", shows: "up" },
      ],
    });
    expect(caught(burst)).toContain("lasts");
  });

  test("catches an incident that never pages", () => {
    const nothing = broken({
      faults: [{ class: "mode", set: [{ service: "database", key: "autovacuum", value: false }] }],
    });
    expect(caught(nothing)).toEqual(["sound"]);
  });

  test("catches a system that was ill before", () => {
    expect(caught(broken({ standing: [{ service: "database", key: "read_only", value: true }] }))).toEqual(["sound"]);
  });

  test("catches a false alarm that is a real one", () => {
    const alarm = broken({ answer: "no_fault" });
    expect(caught(alarm)).toEqual(["sound"]);
  });

  test("catches a fix that does not cure, and one that only looks as if it did", () => {
    expect(caught(broken({ fixes: [decoy] }))).toContain("fix");
    const unsafe = [
      ...cure,
      { type: "update_config" as const, service: "cache" as const, key: "ttl_s", value: 86_400 },
    ];
    expect(caught(broken({ fixes: [unsafe] }))).toEqual(["fix"]);
  });

  test("catches a task without any fix", () => {
    expect(caught(broken({ fixes: [] }))).toContain("fix");
  });

  test("catches a fix that takes longer than is said", () => {
    const { siblings } = taskOf("inc-108");
    const hasty = defineTask({
      ...taskOf("inc-108"),
      siblings: siblings.map((sibling) => ({ ...sibling, recovery_ticks: 1 })),
    });
    expect(caught(hasty)).toEqual(["recovery"]);
  });

  test("catches a fix beyond the budgets of changes and of steps", () => {
    expect(caught(broken({ fixes: [[...cure, ...cure, ...cure, ...cure]] }))).toContain("budget");
    expect(caught(broken({ fixes: [[...cure, { wait: 14 }]] }))).toEqual(["budget"]);
  });

  test("catches a distractor that cures", () => {
    expect(caught(broken({ distractors: [decoy, cure] }))).toEqual(["distractor"]);
  });

  test("catches evidence that is not to be seen", () => {
    expect(caught(broken({ needed: [...mode.needed, { kind: "logs", service: "database", line: "stall" }] }))).toEqual([
      "evidence",
    ]);
    expect(
      caught(
        broken({
          needed: [...mode.needed, { kind: "metrics", service: "cache", rows: ["hit_ratio"], shows: "abnormal" }],
        }),
      ),
    ).toEqual(["evidence"]);
  });

  test("catches two siblings with the same answer, which nothing tells apart", () => {
    expect(caught(broken({}, [mode]))).toEqual(["sibling", "evidence"]);
  });

  test("catches a fix for a key that does not exist", () => {
    const typo: Sibling["fixes"] = [[{ type: "update_config", service: "database", key: "readonly", value: false }]];
    expect(() => validateInstance(broken({ fixes: typo }), 2, 0)).toThrow("Unknown key database.readonly");
  });
});
