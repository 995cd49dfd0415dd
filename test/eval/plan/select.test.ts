import { describe, expect, test } from "vitest";
import { selectTasks } from "../../../eval/select.ts";
import type { Selection } from "../../../eval/select.ts";
import { coreSuite } from "../../../tasks/index.ts";

const ids = (selection: Selection): string[] => selectTasks(coreSuite, selection).map(({ id }) => id);
const all = ids({});

describe("a selection of tasks", () => {
  test("takes a range of ids, both ends included", () => {
    for (const taskRange of ["inc-101..inc-110", "inc-101-inc-110", " inc-101 .. inc-110 "]) {
      expect(ids({ taskRange })).toEqual(all.slice(0, 10));
    }
    expect(ids({ taskRange: "inc-104..inc-104" })).toEqual(["inc-104"]);
  });

  test("counts places among what the rest of the selection leaves", () => {
    expect(ids({ taskRange: "1-10" })).toEqual(all.slice(0, 10));
    expect(ids({ taskRange: "2..3", difficulty: ["hard"] })).toEqual(ids({ difficulty: ["hard"] }).slice(1, 3));
    expect(ids({ taskRange: "39-1000" })).toEqual(all.slice(38));
    expect(ids({ taskRange: "inc-101..inc-110", difficulty: ["easy"] })).toEqual(
      ids({ difficulty: ["easy"] }).filter((id) => id <= "inc-110"),
    );
  });

  test("takes the first ones of each difficulty", () => {
    const chosen = selectTasks(coreSuite, { perDifficulty: 2 });
    expect(chosen).toHaveLength(6);
    for (const band of ["easy", "medium", "hard"] as const) {
      expect(chosen.filter(({ difficulty }) => difficulty === band).map(({ id }) => id)).toEqual(
        ids({ difficulty: [band] }).slice(0, 2),
      );
    }
    expect(ids({ perDifficulty: 1000 })).toEqual(all);
  });

  test("says which splits a suite has when it lacks one", () => {
    const whole = { ...coreSuite, splits: { train: all, dev: [], test: [] } };
    expect(() => selectTasks(whole, { split: "dev" })).toThrow("core@1.0.0 has no tasks for dev.");
  });

  test.for([
    ["inc-110..inc-101", "holds nothing"],
    ["5-2", "holds nothing"],
    ["0-3", "holds nothing"],
    ["41-50", "No task fits"],
    ["inc-101..inc-999", 'Unknown task "inc-999"'],
    ["inc-101..inc-11", 'Unknown task "inc-11"'],
    ["easy", "is none"],
    ["inc-101", "is none"],
    ["1-2-3", "is none"],
    ["", "is none"],
    ["1..2..3", "is none"],
    ["-1-3", "is none"],
  ])("refuses the range %o with a sentence", ([taskRange, sentence = ""]) => {
    expect(() => ids({ taskRange })).toThrow(sentence);
  });
});
