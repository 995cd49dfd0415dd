import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { PRESET_NAMES, presetFlags } from "../../../eval/presets.ts";
import { episodesOf, NOWHERE, optionsOf, planned, tasksPlayed, wiring } from "./fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "oncall-plan-"));
afterAll(() => rmSync(folder, { recursive: true }));

function matrixFile(content: unknown): string {
  const file = join(folder, "matrix.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

describe("what flags plan", () => {
  test("is one trial of everything unless they say otherwise", () => {
    const plan = planned("--agents", "random,expert");
    expect(episodesOf(plan)).toEqual({ random: 40, expert: 40 });
    expect(plan).toMatchObject({ trials: 1, baseSeed: 0, salt: "", split: null, shard: null, maxEpisodeTokens: null });
    expect(plan.slots.map(({ ordinal }) => ordinal)).toEqual(plan.slots.map((_, i) => i));
    expect(planned("--agents", "random", "--split", "dev")).toMatchObject({ split: "dev" });
    expect(planned("--agents", "random", "--split", "dev", "--difficulty", "easy")).toMatchObject({ split: null });
  });

  test("gives anchors trials of their own", () => {
    const args = ["--agents", "random,probe:idle,react:m", ...NOWHERE, "--split", "dev"];
    const fewer = planned(...args, "--trials", "4", "--anchor-trials", "2");
    expect(episodesOf(fewer)).toEqual({ random: 16, "probe:idle": 16, "react:m": 32 });
    expect(fewer.trials).toBe(4);
    expect(planned(...args, "--anchor-trials", "5")).toMatchObject({ trials: 1 });
    expect(planned("--agents", "random", "--anchor-trials", "5")).toMatchObject({ trials: 5 });
  });

  test("leaves out whom they leave out, even models that nobody knows", () => {
    const all = ["--agents", "random,react,scripted", "--models", "nobody"];
    expect(episodesOf(planned(...all, "--skip-llm"))).toEqual({ random: 40, expert: 40 });
    const models = ["--agents", "random,react,scripted", "--models", "m", ...NOWHERE, "--anchors"];
    expect(episodesOf(planned(...models, "--skip-deterministic"))).toEqual({ "react:m": 40 });
    expect(() => planned(...models, "--skip-deterministic", "--skip-llm")).toThrow(
      "--skip-llm and --skip-deterministic",
    );
    expect(() => planned()).toThrow("Nobody plays: --agents or --models is missing.");
  });

  test("has anchors on every page that another plays", () => {
    const plan = planned("--agents", "expert,react:m", ...NOWHERE, "--split", "test", "--trials", "2", "--anchors");
    expect(episodesOf(plan)).toEqual({ random: 16, runbook: 16, expert: 16, "react:m": 16 });
    expect(plan.slots.slice(0, 4).map(({ seed }) => seed)).toEqual(Array(4).fill(plan.slots[0]?.seed));
  });
});

describe("a preset", () => {
  test("is a set of defaults that flags override", () => {
    const quick = planned("--preset", "quick", "--agents", "tools:m", ...NOWHERE);
    expect(episodesOf(quick)).toEqual({ random: 6, runbook: 6, expert: 6, "tools:m": 6 });
    const dev = new Set(wiring.suite.splits.dev);
    expect(tasksPlayed(quick).every((id) => dev.has(id))).toBe(true);
    expect(planned("--preset", "quick", "--trials", "3").trials).toBe(3);
    expect(episodesOf(planned("--preset", "quick", "--no-anchors", "--agents", "random"))).toEqual({ random: 6 });
    expect(tasksPlayed(planned("--preset", "quick", "--task-ids", "inc-101"))).toEqual(["inc-101"]);
    expect(tasksPlayed(planned("--preset", "quick", "--difficulty", "hard"))).toHaveLength(2);
    const train = planned("--preset", "quick", "--split", "train", "--per-difficulty", "1");
    const firsts = ["easy", "medium", "hard"].map(
      (band) => tasksPlayed(planned("--agents", "random", "--split", "train", "--difficulty", band))[0],
    );
    expect(new Set(tasksPlayed(train))).toEqual(new Set(firsts));
  });

  test("of a paper plays the whole suite with its anchors, often enough for the differences it is to tell", () => {
    const paper = planned("--preset", "paper", "--agents", "tools:m", ...NOWHERE);
    expect(Object.values(episodesOf(paper))).toEqual([200, 200, 200, 200]);
    expect(paper.trials).toBe(5);
  });

  test.for([...PRESET_NAMES])("%s plays what the flags that it stands for play", (name) => {
    const flags = presetFlags(name).split(" ");
    expect(planned("--agents", "runbook", ...flags).fingerprint).toBe(
      planned("--agents", "runbook", "--preset", name).fingerprint,
    );
  });
});

describe("a matrix", () => {
  const targets = [
    { agent: "react", model: "b", split: "dev", trials: 2 },
    { agent: "tools", model: "a", task_ids: ["inc-101", "inc-102"] },
    { agent: "tools", model: "a", difficulty: "easy", trials: 1 },
    { agent: "runbook", task_range: "1-3" },
  ];

  test("plays its targets in their order, and what two have in common once", () => {
    const plan = planned("--matrix", matrixFile({ targets }), ...NOWHERE, "--trials", "3");
    const order = plan.slots.map(({ variant }) => variant.label);
    expect([...new Set(order)]).toEqual(["react:b", "tools:a", "runbook"]);
    expect(episodesOf(plan)).toMatchObject({ "react:b": 16, runbook: 9 });
    const pages = plan.slots
      .filter(({ variant }) => variant.label === "tools:a")
      .map(({ task, trial }) => `${task.id}/${trial}`);
    expect(new Set(pages).size).toBe(pages.length);
    expect(pages.slice(0, 6)).toEqual(["inc-101/0", "inc-102/0", "inc-101/1", "inc-102/1", "inc-101/2", "inc-102/2"]);
    expect(order.lastIndexOf("react:b")).toBeLessThan(order.indexOf("tools:a"));
  });

  test("takes from the command line what a target does not say, and anchors before all", () => {
    const plan = planned(
      "--matrix",
      matrixFile({ targets: [{ agent: "react:m" }] }),
      ...NOWHERE,
      "--split",
      "test",
      "--anchors",
    );
    expect(episodesOf(plan)).toEqual({ random: 8, runbook: 8, expert: 8, "react:m": 8 });
    expect(plan.slots.at(-1)?.variant.label).toBe("react:m");
  });

  test.for([
    [{ targets: [] }, "targets"],
    [{ targets: [{ agent: "random", trails: 3 }] }, "trails"],
    [{ targets: [{ agent: "random", trials: 0 }] }, "targets.0.trials"],
    [{ targets: [{ agent: "random", split: "all" }] }, "targets.0.split"],
    [{ targets: [{ agent: "nobody" }] }, 'Unknown agent "nobody"'],
    [{ targets: [{ agent: "random", task_ids: ["inc-1"] }] }, 'Unknown task "inc-1"'],
    ["{", "is no JSON"],
  ] as const)("of %j is refused with what is wrong", ([content, sentence]) => {
    expect(() => planned("--matrix", matrixFile(content))).toThrow(sentence);
  });

  test("stands in the place of --agents and --models, and its file must be there", () => {
    expect(() => optionsOf("--matrix", "m.json", "--agents", "random")).toThrow("cannot be used with");
    expect(() => planned("--matrix", join(folder, "none.json"))).toThrow("cannot be read");
  });
});
