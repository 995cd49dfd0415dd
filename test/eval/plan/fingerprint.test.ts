import { describe, expect, test } from "vitest";
import { describeDifference, fingerprintFields } from "../../../eval/fingerprint.ts";
import { NOWHERE, planned } from "./fixtures.ts";

describe("a fingerprint", () => {
  const base = ["--agents", "random,react:m", ...NOWHERE, "--split", "dev"];
  const of = (...args: readonly string[]): string => planned(...base, ...args).fingerprint;

  test.for([
    ["trials", ["--trials", "2"], "agents.random.plays: 1 x"],
    ["the base seed", ["--seed", "1"], "base_seed: 0 -> 1"],
    ["the salt", ["--salt", "pepper"], "salt_sha256: nothing ->"],
    ["tasks", ["--difficulty", "easy"], "(8) -> 1 x inc-"],
    ["who else plays", ["--anchors"], "agents.expert: nothing -> an agent of this name"],
    ["sampling", ["--temperature", "0.5"], "agents.react:m.sampling.temperature: nothing -> 0.5"],
    ["reasoning", ["--reasoning", "off"], "agents.react:m.sampling.reasoning: nothing -> off"],
    ["the engine", ["--engine-name", "vllm"], "agents.react:m.engineName: nothing -> vllm"],
    ["the token budget", ["--max-episode-tokens", "5000"], "budgets.max_episode_tokens: nothing -> 5000"],
    [
      "the host",
      ["--base-url", "https://models.example.org/v1"],
      "agents.react:m.baseUrlHost: 127.0.0.1 -> models.example.org",
    ],
  ] as const)("tells %s, in words that name it", ([, args, line]) => {
    expect(of(...args)).not.toBe(of());
    const lines = describeDifference(fingerprintFields(planned(...base)), fingerprintFields(planned(...base, ...args)));
    expect(lines.join("\n")).toContain(line);
    expect(lines.join("\n")).not.toContain("pepper");
    expect(lines.every((one) => one.length < 300 && !one.includes("\n"))).toBe(true);
  });

  test("tells no policy, order, preset or shard", () => {
    expect(of("--max-retries", "1", "--min-interval", "3")).toBe(of());
    expect(of("--shard", "2/7")).toBe(of());
    expect(planned("--agents", "react:m,random", ...NOWHERE, "--split", "dev").fingerprint).toBe(of());
    expect(describeDifference(fingerprintFields(planned(...base)), fingerprintFields(planned(...base)))).toEqual([]);
  });

  test("tells the prompt of a model, which is part of who plays", () => {
    const fields = JSON.parse(JSON.stringify(fingerprintFields(planned(...base)))) as {
      agents: Record<string, { promptSha256: string }>;
    };
    const older = structuredClone(fields);
    (older.agents["react:m"] as { promptSha256: string }).promptSha256 = "0".repeat(64);
    expect(describeDifference(older, fields)).toEqual([
      expect.stringMatching(/^agents\.react:m\.promptSha256: 000000000000 -> [0-9a-f]{12}$/),
    ]);
  });

  test("is compared with whatever is stored", () => {
    for (const stored of [undefined, null, "text", 7, [], { agents: [] }, { agents: { random: 3 } }]) {
      expect(describeDifference(stored, fingerprintFields(planned(...base))).length).toBeGreaterThan(0);
    }
  });
});
