import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { EpisodeEntry } from "../../../env/store/store.ts";
import { readAgents } from "../../../eval/cli/agent-options.ts";
import { previewJson } from "../../../eval/cli/preview-json.ts";
import { previewText } from "../../../eval/cli/preview-text.ts";
import { rankingNotes } from "../../../eval/preview/notes.ts";
import { previewOf } from "../../../eval/preview/preview.ts";
import type { Preview } from "../../../eval/preview/preview.ts";
import { readPolicy } from "../../../eval/provider/read-policy.ts";
import type { Plan } from "../../../eval/plan.ts";
import { optionsOf, plannedFrom } from "../plan/fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "oncall-preview-"));
afterAll(() => rmSync(folder, { recursive: true }));

const NOW = Date.UTC(2026, 11, 1);
const config = join(folder, "config.json");
writeFileSync(
  config,
  JSON.stringify({
    models: {
      gpt: { model: "gpt-x", base_url: "https://api.example.org/v1", api_key_env: "NO_SUCH_KEY" },
      mini: { model: "gpt-y", base_url: "https://api.example.org/v2", api_key_env: "NO_SUCH_KEY" },
      own: { model: "own-1", base_url: "http://127.0.0.1:9/v1" },
    },
    commands: { coder: { argv: ["coder"], version: "1", timeout_s: 60 } },
    prices: [
      { model: "gpt-x", from: "2026-01-01", input: "1", output: "10" },
      { model: "own-1", from: "2026-01-01", input: "0", output: "0" },
    ],
  }),
);

function previewed(args: readonly string[], history: readonly EpisodeEntry[] = []): { plan: Plan; preview: Preview } {
  const options = optionsOf("--config", config, ...args);
  const agents = readAgents(options);
  const plan = plannedFrom(options, "run-1");
  const preview = previewOf(plan, {
    policyOf: ({ entry }) => readPolicy(entry, agents.config, { flags: agents.policy }),
    prices: agents.config.prices,
    history,
    now: NOW,
  });
  return { plan, preview };
}

describe("the estimate of a run", () => {
  test("of agents that ask nobody is their episodes", () => {
    const { plan, preview } = previewed(["--agents", "random,expert"]);
    expect(preview).toMatchObject({
      slots: 80,
      calls: { least: 0, expected: 0, most: 0 },
      endpoints: [],
      unpriced: [],
    });
    expect(previewText(plan, preview)).toContain("80 episodes of 40 incidents; no model is asked.");
  });

  test("of a model that nothing is known of says what it assumes, between the least and the most", () => {
    const { plan, preview } = previewed(["--agents", "tools:gpt"]);
    expect(preview.calls).toEqual({ least: 40 * 3, expected: 40 * 8, most: 10 * 14 + 14 * 18 + 16 * 24 });
    expect(preview.gateMs).toEqual({ least: 119 * 15_000, expected: 319 * 15_000, most: 775 * 15_000 });
    // 8 calls tell 8 × 2000 + 400 × (1 + … + 7) tokens at 1, and get 8 × 200 at 10 millionths of a dollar.
    expect(preview.costUusd.expected).toBe(40 * (8 * 2000 + 400 * 28 + 8 * 200 * 10));
    const text = previewText(plan, preview);
    expect(text).toContain("320 (120–776) calls, at least 80 min (30 min–3 h 14 min), $1.73 ($0.5280–$6.09).");
    expect(text).toContain("nothing is stored; assumed are 8 calls an episode");
  });

  test("adds up what shares an endpoint, and takes the longest of what does not", () => {
    const one = previewed(["--agents", "tools:gpt"]).preview;
    const { preview } = previewed(["--agents", "tools:gpt,react:gpt,tools:mini,tools:own"]);
    expect(preview.endpoints.map(({ endpoint, agents }) => [endpoint, agents])).toEqual([
      ["https://api.example.org (NO_SUCH_KEY)", ["tools:gpt", "react:gpt", "tools:mini"]],
      ["http://127.0.0.1:9", ["tools:own"]],
    ]);
    expect(preview.gateMs.expected).toBe(3 * one.gateMs.expected + 2 * 15_000);
    expect(preview.calls.expected).toBe(4 * one.calls.expected);
    expect(preview.endpoints[1]?.gateMs.expected).toBe(0);
  });

  test("tells a price of nothing from no price", () => {
    const { plan, preview } = previewed(["--agents", "tools:own,tools:mini"]);
    expect(preview.unpriced).toEqual(["tools:mini"]);
    expect(preview.costUusd.most).toBe(0);
    expect(previewText(plan, preview)).toContain("$0.00, and tools:mini unpriced.");
    expect(previewJson(plan, preview).by_agent).toMatchObject([{ cost_usd: { expected: 0 } }, { cost_usd: null }]);
  });

  test("of an outside program is bounded by its time", () => {
    const { plan, preview } = previewed(["--agents", "command:coder", "--split", "dev"]);
    expect(preview.agents).toMatchObject([{ label: "command:coder", asks: null, programMs: 8 * 60_000 }]);
    expect(previewText(plan, preview)).toContain(
      "command:coder: what it calls is not known; at most 8 min one by one.",
    );
  });

  test("allows repairs their calls, and counts a shard alone", () => {
    const plain = previewed(["--agents", "tools:gpt", "--split", "dev"]).preview;
    expect(previewed(["--agents", "tools:gpt", "--split", "dev", "--assist"]).preview.calls.most).toBe(
      3 * plain.calls.most,
    );
    const shards = ["1/2", "2/2"].map(
      (shard) => previewed(["--agents", "tools:gpt", "--split", "dev", "--shard", shard]).preview,
    );
    expect((shards[0]?.calls.most ?? 0) + (shards[1]?.calls.most ?? 0)).toBe(plain.calls.most);
    expect(shards[0]?.slots).toBeLessThan(8);
  });

  test("follows limits that flags set", () => {
    const args = ["--agents", "tools:gpt", "--split", "dev", "--min-interval", "0", "--rate-limit", "0"];
    expect(previewed(args).preview.gateMs).toEqual({ least: 0, expected: 0, most: 0 });
  });
});

const episode = (changes: Partial<EpisodeEntry>): EpisodeEntry =>
  ({
    scored: true,
    variantId: "other",
    variantLabel: "tools:gpt",
    providerCalls: 10,
    inputTokens: 30_000,
    cachedTokens: 20_000,
    outputTokens: 5000,
    workingMs: 20_000,
    ...changes,
  }) as EpisodeEntry;

const useOf = (history: readonly EpisodeEntry[]) =>
  previewed(["--agents", "tools:gpt", "--split", "dev"], history).preview.agents[0]?.asks?.use;

describe("what is expected of a model that has played before", () => {
  test("is the mean of its scored episodes, and its latency", () => {
    const history = [
      episode({}),
      episode({ providerCalls: 6, workingMs: 12_000 }),
      episode({ scored: false, providerCalls: 99 }),
    ];
    expect(useOf(history)).toEqual({
      calls: 8,
      inputTokens: 30_000,
      cachedTokens: 20_000,
      outputTokens: 5000,
      latencyMs: 2000,
      episodes: 2,
    });
    const { plan, preview } = previewed(["--agents", "tools:gpt", "--split", "dev"], history);
    expect(preview.withLatencyMs).toBe(63 * 17_000 + 2000);
    expect(previewText(plan, preview)).toContain("expected is the mean of 2 stored episodes, 8.0 calls each.");
  });

  test("comes from the same variant, else the same name, else the same model, else nobody", () => {
    const { id } = previewed(["--agents", "tools:gpt"]).plan.variants[0] as Plan["variants"][number];
    const same = episode({ variantId: id, providerCalls: 4 });
    const name = episode({ providerCalls: 5 });
    const model = episode({ variantLabel: "react:gpt+assist", providerCalls: 6 });
    const stranger = episode({ variantLabel: "tools:mini", providerCalls: 7 });
    expect(useOf([stranger, model, name, same])?.calls).toBe(4);
    expect(useOf([stranger, model, name])?.calls).toBe(5);
    expect(useOf([stranger, model])?.calls).toBe(6);
    expect(useOf([stranger])).toMatchObject({ calls: 8, episodes: 0 });
    expect(useOf([episode({ outputTokens: null, inputTokens: null })])).toMatchObject({ episodes: 0 });
  });

  test("may lie outside of what a good agent needs", () => {
    const { preview } = previewed(
      ["--agents", "tools:gpt", "--task-ids", "inc-105"],
      [episode({ providerCalls: 100 })],
    );
    expect(preview.calls).toEqual({ least: 3, expected: 100, most: 100 });
    const hasty = previewed(["--agents", "tools:gpt", "--task-ids", "inc-105"], [episode({ providerCalls: 1 })]);
    expect(hasty.preview.calls).toMatchObject({ least: 1, expected: 1 });
  });
});

const notes = (...args: readonly string[]): string[] =>
  rankingNotes(previewed(args).plan).map((sentence) => sentence.slice(0, 3));

describe("what speaks against a rank", () => {
  test("is said before anything is played", () => {
    expect(notes("--preset", "paper", "--agents", "tools:gpt")).toEqual([]);
    expect(notes("--agents", "tools:gpt,random,runbook,expert", "--split", "test", "--trials", "3")).toEqual([]);
    expect(notes("--agents", "tools:gpt", "--split", "test")).toEqual(["L09"]);
    expect(notes("--preset", "paper", "--agents", "tools:gpt", "--anchor-trials", "2")).toEqual(["L09"]);
    expect(notes("--preset", "quick", "--agents", "tools:own")).toEqual(["L02", "L08"]);
    expect(notes("--agents", "random,probe:idle", "--task-ids", "inc-101")).toEqual([]);
  });
});
