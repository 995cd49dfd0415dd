import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { initial } from "../../env/core/initial.ts";
import { DIFFICULTIES, SPLITS } from "../../env/core/task.ts";
import type { Difficulty, Task } from "../../env/core/task.ts";
import { coreSuite } from "../../tasks/index.ts";
import { referenceFor } from "../../tasks/reference.ts";
import { splits } from "../../tasks/splits.ts";
import { validateInstance } from "../../tasks/validate.ts";
import { seedOfSibling } from "../helpers.ts";

const { tasks } = coreSuite;
const byBand = (of: readonly Task[]) =>
  DIFFICULTIES.map((band) => of.filter(({ difficulty }) => difficulty === band).length);

/** Sum of the published grades, by band. */
const GRADES: Readonly<Record<Difficulty, readonly [least: number, most: number]>> = {
  easy: [0, 3],
  medium: [4, 6],
  hard: [7, 14],
};

describe.for(tasks.map((task) => [task.id, task] as const))("%s", ([id, task]) => {
  test("is graded as its band says, and has at least two siblings", () => {
    const [least, most] = GRADES[task.difficulty];
    const grade = task.rubric.reduce((sum, points) => sum + points, 0);
    expect(grade).toBeGreaterThanOrEqual(least);
    expect(grade).toBeLessThanOrEqual(most);
    expect(task.siblings.length).toBeGreaterThanOrEqual(2);
  });

  test("is sound in every sibling at three seeds: breach, fixes that cure, decoys that do not, evidence to be seen", () => {
    const seeds = [0, 1, 1_000_003];
    const problems = task.siblings.flatMap((_, sibling) =>
      seeds.flatMap((seed) => validateInstance(task, seed, sibling)),
    );
    expect(problems).toEqual([]);
  });

  test("comes in every sibling, as the seed chooses", () => {
    for (const [sibling] of task.siblings.entries()) expect(seedOfSibling(task, sibling)).toBeLessThan(50);
  });

  test("has an answer for whoever asks for it", () => {
    const { looks, fix, close } = referenceFor(task, 7);
    expect(looks.length).toBeGreaterThanOrEqual(2);
    expect(close).toMatch(/^(?:resolve_incident|escalate)\(/);
    expect(fix.length > 0).toBe(seedHasFix(task, 7));
    expect(splitsOf(id)).toHaveLength(1);
  });
});

const seedHasFix = (task: Task, seed: number): boolean => initial(task, seed).instance.sibling.answer === "fix";
const causes = (ids: readonly string[]): Set<string> =>
  new Set(tasks.filter(({ id }) => ids.includes(id)).flatMap(causesOf));
const splitsOf = (id: string) => SPLITS.filter((split) => splits[split].includes(id));

describe("the suite", () => {
  test("holds one task per file, named by it, in order", () => {
    const files = readdirSync(join(import.meta.dirname, "../../tasks/incidents")).map((file) =>
      file.replace(/\.ts$/, ""),
    );
    expect(tasks.map(({ id }) => id)).toEqual(files.toSorted());
    expect(tasks).toHaveLength(40);
  });

  test("has ten easy, fourteen medium and sixteen hard tasks, and ids that say nothing of it", () => {
    expect(byBand(tasks)).toEqual([10, 14, 16]);
    const bands = tasks.map(({ difficulty }) => DIFFICULTIES.indexOf(difficulty));
    expect(Math.abs(rankCorrelation(bands))).toBeLessThan(0.2);
  });

  test("is split so that every task has one place and bands are balanced", () => {
    expect(SPLITS.flatMap((split) => splits[split]).toSorted()).toEqual(tasks.map(({ id }) => id));
    const counts = SPLITS.map((split) => byBand(tasks.filter(({ id }) => splits[split].includes(id))));
    expect(counts).toEqual([
      [6, 8, 10],
      [2, 3, 3],
      [2, 3, 3],
    ]);
    expect(coreSuite.splits).toEqual(splits);
  });

  test("asks nothing in the test split that training or tuning could have taught by heart", () => {
    const taught = causes([...splits.train, ...splits.dev]);
    expect([...causes(splits.test)].filter((cause) => taught.has(cause))).toEqual([]);
  });
});

/** Service, fault and the keys that are wrong, for each cause of a task; a cause without keys is not by heart. */
function causesOf(task: Task): string[] {
  return task.siblings.flatMap(({ diagnosis, faults }) => {
    const keys = faults.flatMap((fault) =>
      "set" in fault ? (fault.set ?? []).map(({ service, key }) => `${service}.${key}`) : [],
    );
    return diagnosis.flatMap(({ service, fault }) => keys.map((key) => `${service}/${fault} ${key}`));
  });
}

/** Spearman's correlation of a list with its own order; equal values share their mean rank. */
function rankCorrelation(values: readonly number[]): number {
  const ranks = values.map((value) => {
    const below = values.filter((other) => other < value).length;
    return below + (values.filter((other) => other === value).length + 1) / 2;
  });
  const mean = (values.length + 1) / 2;
  let both = 0;
  let own = 0;
  let order = 0;
  ranks.forEach((rank, i) => {
    both += (rank - mean) * (i + 1 - mean);
    own += (rank - mean) ** 2;
    order += (i + 1 - mean) ** 2;
  });
  return both / Math.sqrt(own * order);
}
