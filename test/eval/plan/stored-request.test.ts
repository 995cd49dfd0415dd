import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readAgents } from "../../../eval/cli/agent-options.ts";
import { requestFromStored, storedRequest } from "../../../eval/cli/stored-request.ts";
import { readPolicy } from "../../../eval/provider/read-policy.ts";
import { NOWHERE, optionsOf, plannedFrom } from "./fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "oncall-request-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SOMEWHERE = { model: "m", base_url: "https://models.example.org/v1" };

describe("a stored request", () => {
  const lines: readonly (readonly string[])[] = [
    ["--agents", "random,probe:idle", "--trials", "3", "--task-range", "1-7"],
    ["--preset", "quick", "--agents", "runbook", "--no-anchors"],
    [
      "--preset",
      "paper",
      "--models",
      "m",
      ...NOWHERE,
      "--temperature",
      "0.3",
      "--reasoning",
      "off",
      "--max-retries",
      "2",
    ],
    ["--models", "m", ...NOWHERE, "--assist", "--split", "test", "--shard", "2/3", "--max-episode-tokens", "9000"],
    ["--agents", "scripted", "--seed", "17", "--task-ids", "inc-101,inc-105", "--skip-llm"],
  ];

  test.for(lines.map((line) => [line.join(" "), line] as const))("of %s plans the same again", ([, line]) => {
    const options = optionsOf(...line, "--salt", "pepper");
    const plan = plannedFrom(options, "run-1");
    const stored = JSON.stringify(storedRequest(options));
    expect(stored).not.toContain("pepper");
    const again = requestFromStored(JSON.parse(stored), "pepper");
    expect(plannedFrom(again, "run-1").slots).toEqual(
      plan.slots.map((slot) => expect.objectContaining({ slotId: slot.slotId, ordinal: slot.ordinal })),
    );
    expect(plannedFrom(again, "run-1").fingerprint).toBe(plan.fingerprint);
    const [before, after] = [options, again].map((one) => readPolicy(SOMEWHERE, {}, { flags: readAgents(one).policy }));
    expect(after).toEqual(before);
    expect(plannedFrom(requestFromStored(JSON.parse(stored), "salt"), "run-1").fingerprint).not.toBe(plan.fingerprint);
  });

  test("holds what the file of a matrix held", () => {
    const file = join(folder, "matrix.json");
    writeFileSync(file, JSON.stringify({ targets: [{ agent: "random", difficulty: "hard" }] }));
    const options = optionsOf("--matrix", file);
    const plan = plannedFrom(options, "run-1");
    const stored = storedRequest(options);
    writeFileSync(file, "{");
    expect(plannedFrom(requestFromStored(JSON.parse(JSON.stringify(stored))), "run-1").fingerprint).toBe(
      plan.fingerprint,
    );
  });

  test.for([
    [null],
    [7],
    [{ agents: 3 }],
    [{ trials: 0 }],
    [{ salt: "pepper" }],
    [{ preset: "quick" }],
    [{ base_url: "x" }],
    [{ baseUrl: "file:///x" }],
    [{ maxRetries: -1 }],
  ])("%j is none", ([stored]) => {
    expect(() => requestFromStored(stored)).toThrow("cannot be used");
  });
});
