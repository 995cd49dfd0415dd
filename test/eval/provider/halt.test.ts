import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Outcome } from "../../../env/store/store.ts";
import { HaltRule } from "../../../eval/provider/halt.ts";
import { readPauseFile } from "../../../eval/provider/pause-file.ts";

const passing = { fatal: false, message: "down" };

/** `+` scored, `-` provider error, `.` neither. Returns after how many episodes it halted, and why. */
function haltsAfter(episodes: string, rule = new HaltRule()): [number, string] | null {
  const outcomes: Record<string, Outcome> = { "+": "success", "-": "provider_error", ".": "cancelled" };
  for (const [i, one] of episodes.split("").entries()) {
    const outcome = outcomes[one] as Outcome;
    const halt = rule.episodeEnded({ endpointKey: "a", outcome, error: one === "-" ? passing : null });
    if (halt !== null) return [i + 1, halt.reason];
  }
  return null;
}

describe("an endpoint is given up", () => {
  test.each<[string, [number, string] | null]>([
    ["---", [3, "in_a_row"]],
    ["--+--+--", [8, "error_rate"]],
    ["--.-", [4, "in_a_row"]],
    ["+-++-++-", [8, "error_rate"]],
    ["+-+++++-", null],
    ["-+-+-+", null],
    ["+-++-+++++++-", null],
    ["+-++-++++-", [10, "error_rate"]],
    ["++++++++", null],
  ])("%s: %j", (episodes, expected) => {
    expect(haltsAfter(episodes)).toEqual(expected);
  });

  test("at once after an error that only a person can mend", () => {
    const rule = new HaltRule();
    const error = { fatal: true, message: "The provider refused the key." };
    expect(rule.episodeEnded({ endpointKey: "a", outcome: "provider_error", error })).toEqual({
      endpointKey: "a",
      reason: "fatal",
      detail: "The provider refused the key.",
    });
  });

  test("once, and without the others", () => {
    const rule = new HaltRule();
    haltsAfter("---", rule);
    expect(haltsAfter("---", rule)).toBeNull();
    expect(rule.haltOf("a")).toMatchObject({ reason: "in_a_row", detail: expect.stringContaining("3 episodes") });
    expect(rule.haltOf("b")).toBeNull();
    expect(rule.halts).toHaveLength(1);
  });

  test("above the share that was asked for", () => {
    expect(haltsAfter("+-++++++++-++-", new HaltRule(0.1))).toEqual([11, "error_rate"]);
    expect(haltsAfter("-+-+-+-+-+-+-+", new HaltRule(1))).toBeNull();
  });
});

describe("the pause file", () => {
  const folder = mkdtempSync(join(tmpdir(), "oncall-pause-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each<[string, string | null, string]>([
    ["absent", null, "none"],
    ["empty", "", "episode"],
    ["that says now", "now\n", "now"],
    ["that says something else", "lunch", "episode"],
  ])("%s", (name, content, expected) => {
    const file = join(folder, name.replaceAll(" ", "-"));
    if (content !== null) writeFileSync(file, content);
    expect(readPauseFile(file)).toBe(expected);
  });

  test("that is a folder asks for a pause too: somebody put it there", () => {
    mkdirSync(join(folder, "folder"));
    expect(readPauseFile(join(folder, "folder"))).toBe("episode");
  });
});
