import { describe, expect, test } from "vitest";
import { CHECK_NAMES } from "../../../env/core/checks.ts";
import type { IncidentEnv } from "../../../env/core/env.ts";
import type { Verdict } from "../../../env/core/verdict.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { everySibling, playedByExpert, seedOfSibling, startedEnv, taskOf } from "../../helpers.ts";

const failed = ({ checks }: Verdict): string[] => Object.keys(checks).filter((name) => checks[name] !== true);
/** The verdict on an episode that has ended. */
function verdictIn(env: IncidentEnv): Verdict {
  const verdict = env.episode?.verdict;
  if (verdict === null || verdict === undefined) throw new Error("The episode has not ended.");
  return verdict;
}

const applying = ({ checks }: Verdict): string[] => Object.keys(checks).filter((name) => name !== "recovered");
const passed = ({ checks }: Verdict): string[] => Object.keys(checks).filter((name) => checks[name] === true);

describe("doing nothing passes no check", () => {
  const nothing: Readonly<Record<string, readonly string[]>> = {
    "quitting at once": [],
    "escalating at once": ["escalate(help)"],
    "resolving at once": ["resolve_incident(cache, crash)"],
    "calling it a false alarm at once": ["resolve_incident(none, no_fault)"],
  };
  for (const [what, actions] of Object.entries(nothing)) {
    test.for(coreSuite.tasks.map((task) => [task.id, task] as const))(`${what}: %s`, ([, task]) => {
      const env = startedEnv(task, 3);
      for (const action of actions) env.step(action);
      if (env.running) env.truncate("test");
      expect(passed(verdictIn(env))).toEqual([]);
    });
  }
});

describe("the expert passes every check that applies", () => {
  test.for(everySibling.map((one) => [one.name, one] as const))("%s", async ([, { task, sibling }]) => {
    const { verdict } = await playedByExpert(task, seedOfSibling(task, sibling, 1_000_000));
    expect(failed(verdict)).toEqual([]);
    expect(verdict.checks_score).toBe(1);
  });
});

describe("which checks apply", () => {
  test("is decided by the cause, never by what was done", async () => {
    for (const { task, sibling } of everySibling.slice(0, 20)) {
      const seed = seedOfSibling(task, sibling);
      const { verdict } = await playedByExpert(task, seed);
      const env = startedEnv(task, seed);
      env.truncate("test");
      expect(applying(verdictIn(env))).toEqual(applying(verdict));
    }
  });

  test("only that of recovery comes with a setback", () => {
    const env = startedEnv(taskOf("inc-117"), 1);
    env.step("nonsense");
    env.truncate("test");
    expect(Object.keys(verdictIn(env).checks)).toContain("recovered");
  });

  test("names are unique, and each applies to some cause of the suite", async () => {
    expect(new Set(CHECK_NAMES).size).toBe(CHECK_NAMES.length);
    const applied = new Set<string>();
    for (const { task, sibling } of everySibling) {
      const env = startedEnv(task, seedOfSibling(task, sibling));
      env.step("nonsense");
      env.truncate("test");
      for (const name of Object.keys(verdictIn(env).checks)) applied.add(name);
    }
    expect(CHECK_NAMES.filter((name) => !applied.has(name))).toEqual([]);
  });
});

test("three clean actions that see nothing pass the mechanical checks alone", () => {
  const task = taskOf("inc-117");
  const env = startedEnv(task, seedOfSibling(task, 0));
  for (let i = 0; i < 3; i += 1) env.step("check_status(message_queue)");
  env.truncate("test");
  expect(passed(verdictIn(env))).toEqual(["calls_parse", "args_valid", "within_limit"]);
});
