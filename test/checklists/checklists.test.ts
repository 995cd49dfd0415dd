import { describe, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECK_NAMES } from "../../env/core/checks.ts";
import { SKILLS } from "../../eval/report/skills.ts";
import { wrongWith } from "./commands.ts";
import { commandLine, oncall, tested } from "./row.ts";
import type { Proof } from "./row.ts";
import { categories } from "./sections/categories.ts";
import { checks } from "./sections/checks.ts";
import { sections } from "./sections/index.ts";

const page = readFileSync(join(import.meta.dirname, "..", "..", "notes", "checklists.md"), "utf8");

describe.each(sections.map((section) => [section.title, section] as const))("%s", (_, { ids, rows }) => {
  test("has every row once", () => {
    expect(rows.flatMap((row) => row.ids).toSorted()).toEqual([...ids].toSorted());
  });

  test("says how to see what is here, and why what is not", () => {
    for (const { ids: named, state, remark, proofs } of rows) {
      expect([named, proofs.length > 0]).toEqual([named, state !== "not here"]);
      expect([named, state === "shown" || remark !== ""]).toEqual([named, true]);
    }
  });

  test("names only commands, flags, tests and bars that there are", async () => {
    for (const proof of rows.flatMap((row) => row.proofs)) {
      // oxlint-disable-next-line no-await-in-loop -- one message for each
      expect([commandLine(proof), await wrongWith(proof)]).toEqual([commandLine(proof), null]);
    }
  });

  test("stands on the page", () => {
    for (const { what } of rows) expect(page).toContain(`| ${what} |`);
  });
});

test("every check and every category there is has its row", () => {
  const known = new Set(CHECK_NAMES);
  const named = checks.ids.filter((id) => id !== "expert" && id !== "nothing");
  expect(named.filter((id) => !known.has(id))).toEqual([]);
  const used = new Set(SKILLS.flatMap((skill) => skill.checks));
  expect([...used].filter((name) => !named.includes(name))).toEqual([]);
  expect(SKILLS.map(({ name }) => name).filter((name) => !categories.ids.includes(name))).toEqual([]);
});

describe("a command that does not exist is found", () => {
  test.for<readonly [Proof, string]>([
    [oncall("leaderbord"), 'there is no command "leaderbord"'],
    [oncall("leaderboard --bye skill"), "leaderboard does not take --bye"],
    [oncall("runs remove"), "runs does not take remove"],
    [oncall("show one two"), "show does not take one two"],
    [{ by: "bar", name: "loads" }, "there is no such bar"],
    [tested("eval/nothing", "x"), "there is no such file"],
    [tested("eval/seeds", "evaluation sneeds"), "no test or group has that name"],
    [tested("checklists/checks", "calls_pars fails when"), "no test or group has that name"],
    [tested("eval/seeds", "a (b)"), "the name has characters"],
  ])("%j", async ([proof, came]) => {
    expect(await wrongWith(proof)).toContain(came);
  });

  test("and so is a value that a flag does not take", async () => {
    await expect(wrongWith(oncall("leaderboard --by colour"))).rejects.toThrow("Allowed choices are");
  });
});
