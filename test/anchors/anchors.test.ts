import { describe, expect, test } from "vitest";
import { agentKinds } from "../../agents/index.ts";
import type { Bound } from "../../agents/probes/bounds.ts";
import { ENV_VERSION, SCORING_VERSION } from "../../env/contract/index.ts";
import { initial } from "../../env/core/initial.ts";
import { DIFFICULTIES } from "../../env/core/task.ts";
import { playAnchors } from "../../eval/anchors/anchors.ts";
import type { AnchorRow } from "../../eval/anchors/anchors.ts";
import { exceeded } from "../../eval/anchors/bounds.ts";
import { storedAnchors } from "../../eval/anchors/file.ts";
import { balancedSchedule } from "../../eval/anchors/schedule.ts";
import { anchorsTable } from "../../eval/anchors/table.ts";
import { FIRST_EVALUATION_SEED } from "../../eval/seeds.ts";
import { coreSuite } from "../../tasks/index.ts";
import { referenceFor } from "../../tasks/reference.ts";

/** The first two tasks of each band. */
const sample = DIFFICULTIES.flatMap((band) =>
  coreSuite.tasks.filter(({ difficulty }) => difficulty === band).slice(0, 2),
);

const row = (policy: string, score: number, bounds: readonly Bound[]): AnchorRow => ({
  policy,
  summary: "Does this.",
  episodes: 1,
  score,
  resolved: 0,
  success: 0.5,
  clean_success: 0,
  by_difficulty: {},
  bounds,
});

describe("on six tasks, both siblings", () => {
  // How far answers carry depends on how many tasks there are to confuse: that needs the whole suite (test/torture).
  const small = { suite: coreSuite, referenceFor, tasks: sample, episodes: 2, learntSeeds: 4 };
  const probes = agentKinds.filter(({ name, kind }) => kind === "probe" && name !== "probe:constant");

  test("no policy without answers reaches its bound on score, and no blind one its bound on success", async () => {
    const { rows } = await playAnchors({ ...small, agents: probes });
    const ignorant = probes.filter(({ needs }) => needs === null).map(({ name }) => name);
    const judged = rows.map((one) => ({
      ...one,
      bounds: one.bounds.filter(
        (bound) => bound.startsWith("success") || (bound.startsWith("score") && ignorant.includes(one.policy)),
      ),
    }));
    expect(exceeded({ rows: judged })).toEqual([]);
  });

  test("the same request gives the same bytes", async () => {
    const agents = agentKinds.filter(({ name }) => ["random", "probe:brute-force"].includes(name));
    const play = async () => JSON.stringify(await playAnchors({ ...small, agents }));
    expect(await play()).toBe(await play());
  });
});

test("every sibling comes equally often, under evaluation seeds", () => {
  const tasks = coreSuite.tasks.filter(({ id }) => ["inc-108", "inc-112"].includes(id));
  const schedule = balancedSchedule(tasks, 5);
  const siblings = schedule.map(({ task, seed }) => `${task.id} ${initial(task, seed).instance.siblingIndex}`);
  const thrice = ["inc-108 0", "inc-108 1"].flatMap((name) => [name, name, name]);
  const twice = ["inc-112 0", "inc-112 1", "inc-112 2"].flatMap((name) => [name, name]);
  expect(siblings.toSorted()).toEqual([...thrice, ...twice]);
  expect(schedule.every(({ seed }) => seed >= FIRST_EVALUATION_SEED)).toBe(true);
});

describe("bounds", () => {
  test("one that is exceeded is reported with what was expected and what came", () => {
    const rows = [row("a", 0.2, ["score < 0.2", "success <= 0.5"]), row("b", 0.96, ["score > 0.95", "success >= 1"])];
    expect(exceeded({ rows })).toEqual(["a: expected score < 0.2, got 0.2.", "b: expected success >= 1, got 0.5."]);
  });

  test("a policy can be held below the runbook", () => {
    const tour = row("tour", 0.5, ["score < runbook"]);
    expect(exceeded({ rows: [tour] })).toEqual([]);
    expect(exceeded({ rows: [tour, row("runbook", 0.6, [])] })).toEqual([]);
    expect(exceeded({ rows: [tour, row("runbook", 0.4, [])] })).toEqual(["tour: expected score < runbook, got 0.5."]);
  });
});

describe("the table", () => {
  test("has a line for each policy, with the lowest of several ceilings", () => {
    const rows = [row("probe:idle", 0.004, ["score < 0.2", "success < 0.15", "score < 0.02"])];
    expect(anchorsTable({ rows })).toBe(
      [
        "| policy | what it does | score | resolved | success | clean | must hold |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| `probe:idle` | Does this. | 0.00 | 0.00 | 0.50 | 0.00 | success < 0.15, score < 0.02 |",
      ].join("\n"),
    );
  });

  test("that is stored names every agent with its bounds, under the versions of the code", () => {
    const { env_version, scoring_version, rows } = storedAnchors();
    expect([env_version, scoring_version]).toEqual([ENV_VERSION, SCORING_VERSION]);
    const known = rows.filter(({ policy }) => !policy.endsWith(" (test)"));
    expect(known.map(({ policy, bounds }) => ({ name: policy, bounds }))).toEqual(
      agentKinds.map(({ name, bounds }) => ({ name, bounds })),
    );
  });
});
