import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { agentAliases } from "../../../eval/agent-names.ts";
import { aliases, aliasHelp, withoutAliases } from "../../../eval/cli/aliases.ts";
import { withAgentOptions } from "../../../eval/cli/agent-options.ts";
import { withoutMiloAliases } from "../../../eval/cli/milo-aliases.ts";
import { withPlanOptions } from "../../../eval/cli/plan-options.ts";
import { withSittingOptions } from "../../../eval/cli/sitting-options.ts";
import { parseConfig } from "../../../eval/provider/config.ts";
import { readPolicy, variableNotices } from "../../../eval/provider/read-policy.ts";
import { readVariants } from "../../../eval/variants.ts";

/** What `oncall run` understands of a command line of SRE-Zero. */
function understood(line: string): { readonly options: Record<string, unknown>; readonly unknown: readonly string[] } {
  const command = withSittingOptions(withAgentOptions(withPlanOptions(new Command("run"))))
    .option("--dry-run")
    .exitOverride();
  const { operands, unknown } = command.parseOptions(withoutAliases(["run", ...line.split(" ")]).slice(1));
  return { options: command.opts(), unknown: [...operands, ...unknown] };
}

const MEANINGS: readonly (readonly [line: string, options: object])[] = [
  ["--only-baselines", { agents: "random,runbook,expert" }],
  ["--only-baselines random scripted --seed 3", { agents: "random,scripted", seed: 3 }],
  ["--all-llm-models", { models: "all" }],
  ["--all-llm-models a/b c", { models: "a/b,c" }],
  ["--prompting-models a b --react-models a", { agents: "prompting:a,prompting:b,react:a" }],
  ["--open-source-models a --frontier-models a b", { agents: "prompting:a,prompting:b" }],
  ["--only-baselines random --react-models a", { agents: "random,react:a" }],
  ["--task-ids inc-101 inc-102", { taskIds: "inc-101,inc-102" }],
  ["--task-range 1-10 --difficulty easy", { taskRange: "1-10", difficulty: "easy" }],
  ["--episodes 2", { trials: 2 }],
  ["--llm-episodes 2", { trials: 2 }],
  ["--deterministic-episodes 5", { anchorTrials: 5 }],
  ["--timeout-seconds 90", { attemptTimeout: "90" }],
  ["--llm-timeout-seconds=90", { attemptTimeout: "90" }],
  ["--llm-max-tokens 512", { maxOutputTokens: 512 }],
  ["--llm-max-retries 3", { maxRetries: "3" }],
  ["--llm-min-request-interval-seconds=15", { minInterval: "15" }],
  ["--llm-rate-limit-requests 4", { rateLimit: "4" }],
  ["--llm-rate-limit-window-seconds 30", { rateWindow: "30" }],
  ["--llm-rejection-pause-threshold 2", { breakerThreshold: "2" }],
  ["--llm-rejection-pause-seconds 45", { breakerPause: "45" }],
  ["--llm-reasoning-exclude --llm-qwen-no-think", { reasoning: "off" }],
  ["--no-llm-reasoning-exclude --no-llm-qwen-no-think", {}],
  ["--skip-llm", { skipLlm: true }],
  ["--no-api", { skipLlm: true }],
  ["--skip-deterministic", { skipDeterministic: true }],
  ["--output-dir results/today", { db: "results/today/oncall.db" }],
  ["--no-pause-file", { pauseFile: false }],
  ["--preset quick --dry-run", { preset: "quick", dryRun: true }],
  ["--base-url http://127.0.0.1:9/v1", { baseUrl: "http://127.0.0.1:9/v1" }],
  ["--summary-output a.json --log-file b.log --no-log-file --target-steps 8", {}],
];

describe("flags of SRE-Zero's runner", () => {
  test.for(MEANINGS)("%s is understood", ([line, options]) => {
    const { options: came, unknown } = understood(line);
    expect(unknown).toEqual([]);
    expect(came).toMatchObject(options);
    expect(Object.keys(came).filter((name) => !Object.hasOwn(options, name) && !DEFAULTS.has(name))).toEqual([]);
  });

  const DEFAULTS = new Set(Object.keys(understood("--seed 0").options).filter((name) => name !== "seed"));

  test("each has a line that shows what it means", () => {
    const shown = MEANINGS.flatMap(([line]) => line.split(" ").map((word) => word.split("=")[0]));
    expect(aliases.map(({ theirs }) => theirs).filter((theirs) => !shown.includes(theirs))).toEqual([]);
    for (const { theirs, means } of aliases) expect(aliasHelp()).toContain(`${theirs}: ${means}`);
  });

  test.for([
    ["run --agents random --name episodes=3", "run --agents random --name episodes=3"],
    ["--constructor --toString", "--constructor --toString"],
    ["explain --task-ids inc-101 some-episode", "explain --task-ids inc-101 some-episode"],
    ["run --agents random --task-ids inc-101,inc-102", "run --agents random --task-ids inc-101,inc-102"],
  ])("%s stays as it is", ([ours = "", same = ""]) => {
    expect(withoutAliases(ours.split(" "))).toEqual(same.split(" "));
  });
});

describe("flags of Milo-Bench", () => {
  test.for([
    ["--leaderboard --by task", "leaderboard --by task"],
    ["--compare gpt", "history gpt"],
    ["--compare=gpt", "history gpt"],
    ["--export-csv", "export csv"],
    ["--export-csv out.csv", "export csv --out out.csv"],
    ["--export-csv=out.csv", "export csv --out out.csv"],
    ["--export-csv --all", "export csv --all"],
    ["--report", "report"],
    ["leaderboard --compare", "leaderboard --compare"],
  ])("oncall %s is oncall %s", ([theirs = "", ours = ""]) => {
    expect(withoutMiloAliases(["node", "oncall", ...theirs.split(" ")]).slice(2)).toEqual(ours.split(" "));
  });
});

const modelOf = (model: string) => ({ model, base_url: "http://127.0.0.1:9/v1" });

describe("agents of SRE-Zero", () => {
  const config = parseConfig(
    JSON.stringify({
      models: { small: modelOf("small-1"), large: modelOf("large-1") },
      groups: { open_source: ["small"], frontier: ["large"] },
    }),
    "test",
  );
  const labels = (name: string) =>
    readVariants(name, { config, configFolder: ".", overrides: {}, assisted: false }).map(({ label }) => label);

  test.for([
    ["scripted", "expert"],
    ["open_source", "prompting:small"],
    ["frontier", "prompting:large"],
    ["open_source_react", "react:small"],
    ["guided_open_source", "prompting:small+assist"],
  ])("%s is %s", ([theirs = "", ours = ""]) => {
    expect(labels(theirs)).toEqual([ours]);
    expect(Object.keys(agentAliases)).toContain(theirs);
  });

  test("stand beside ours, and those of one list that are helped do not help the others", () => {
    expect(labels("random,guided_open_source,open_source")).toEqual([
      "random",
      "prompting:small+assist",
      "prompting:small",
    ]);
    expect(() => labels("scripted,expert")).toThrow('"expert" is named twice');
  });
});

describe("variables of SRE-Zero", () => {
  const entry = { model: "m", base_url: "https://models.example.org/v1" };
  const policy = (env: Record<string, string>) => readPolicy(entry, {}, { env });

  test.for([
    ["SREZERO_LLM_TIMEOUT_SECONDS", "attempt_timeout_s"],
    ["SREZERO_LLM_MAX_RETRIES", "max_retries"],
    ["SREZERO_LLM_MIN_REQUEST_INTERVAL_SECONDS", "min_interval_s"],
    ["SREZERO_LLM_RATE_LIMIT_REQUESTS", "rate_limit"],
    ["SREZERO_LLM_RATE_LIMIT_WINDOW_SECONDS", "rate_window_s"],
    ["SREZERO_LLM_REJECTION_PAUSE_THRESHOLD", "breaker_threshold"],
    ["SREZERO_LLM_REJECTION_PAUSE_SECONDS", "breaker_pause_s"],
  ] as const)("%s is read, with a notice, where ours is not set", ([variable, name]) => {
    expect(policy({ [variable]: "7" })[name]).toBe(7);
    expect(variableNotices({ [variable]: "7" })).toEqual([expect.stringContaining(`${variable} is read`)]);
    expect(policy({ [variable]: "" })[name]).toBe(policy({})[name]);
    const both = { [variable]: "7", ONCALL_ATTEMPT_TIMEOUT: "8", ONCALL_MAX_RETRIES: "8", ONCALL_MIN_INTERVAL: "8" };
    const all = { ...both, ONCALL_RATE_LIMIT: "8", ONCALL_RATE_WINDOW: "8", ONCALL_BREAKER_THRESHOLD: "8" };
    expect(policy({ ...all, ONCALL_BREAKER_PAUSE: "8" })[name]).toBe(8);
    expect(variableNotices({ ...all, ONCALL_BREAKER_PAUSE: "8" })).toEqual([]);
    expect(() => policy({ [variable]: "many" })).toThrow(variable);
  });
});
