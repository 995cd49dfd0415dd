import { describe, expect, test } from "vitest";
import { withoutAliases } from "../../../eval/cli/aliases.ts";

describe("flags of SRE-Zero's runner", () => {
  test.for([
    ["--llm-max-retries 3", "--max-retries 3"],
    ["--llm-min-request-interval-seconds=15", "--min-interval=15"],
    ["--only-baselines --episodes 2", "--agents random,runbook,expert --trials 2"],
    ["--all-llm-models", "--models all"],
    ["run --agents random --name episodes=3", "run --agents random --name episodes=3"],
    ["--constructor --toString", "--constructor --toString"],
  ])("%s is %s", ([theirs, ours]) => {
    expect(withoutAliases((theirs ?? "").split(" "))).toEqual((ours ?? "").split(" "));
  });
});
