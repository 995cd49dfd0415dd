import { bootstrapMean, bootstrapRatio } from "../../eval/stats/bootstrap.ts";
import { RESAMPLING_SEED } from "../../eval/stats/estimate.ts";
import { successRate } from "../../eval/stats/success.ts";
import type { CostRow, EpisodePoint, LeaderboardRow, ReportInput, Timeline } from "../../plots/data.ts";
import { groupBy } from "../../plots/summaries.ts";

/** Agents of the recorded run, and on which of the twelve tasks each trial succeeded ("1"), failed ("0") or got lost. */
const RESULTS: Readonly<Record<string, readonly [first: string, second: string]>> = {
  expert: ["111111111111", "111111111111"],
  "tools:qwen3.5-397b": ["1111011-0100", "1110010-1000"],
  runbook: ["111010100100", "110110000100"],
  random: ["000000000000", "000000000000"],
};

/** Tasks inc-101 … inc-112: five easy, five medium, two hard. */
const difficultyOf = (task: number): EpisodePoint["difficulty"] => (task < 5 ? "easy" : task < 10 ? "medium" : "hard");

export const episodes: EpisodePoint[] = Object.entries(RESULTS).flatMap(([variant, trials]) =>
  trials.flatMap((outcomes, trial) =>
    outcomes.split("").map((outcome, task): EpisodePoint => {
      const success = outcome === "1";
      const scored = outcome !== "-";
      const changes = variant === "random" ? 3 : 1;
      return {
        variant,
        taskId: `inc-${101 + task}`,
        difficulty: difficultyOf(task),
        seed: 1_000_000 + 977 * task + trial,
        trial,
        scored,
        outcome: scored ? (success ? "success" : "failure") : "provider_error",
        success,
        score: scored ? (success ? 0.96 - task / 100 : variant === "random" ? 0.02 : 0.2 + task / 50) : null,
        evidenceCoverage: scored ? (success ? 1 : variant === "random" ? 0.1 : 0.5) : null,
        steps: 6 + task + trial,
        invalidActions: variant === "random" ? 2 : 0,
        changes,
        wrongChanges: success ? 0 : changes,
        distractorChanges: success ? 0 : 1,
      };
    }),
  ),
);

const RANKS: Readonly<Record<string, string>> = {
  expert: "1",
  "tools:qwen3.5-397b": "2–3",
  runbook: "2–3",
  random: "4",
};

const leaderboard: LeaderboardRow[] = [...groupBy(episodes, ({ variant }) => variant)].map(([variant, all]) => {
  const own = all.filter(({ scored }) => scored);
  const measure = (value: (episode: EpisodePoint) => number) => own.map((e) => ({ taskId: e.taskId, value: value(e) }));
  const parts = (numerator: (e: EpisodePoint) => number, denominator: (e: EpisodePoint) => number) =>
    own.map((e) => ({ taskId: e.taskId, numerator: numerator(e), denominator: denominator(e) }));
  const successes = own.filter(({ success }) => success).length;
  return {
    table: variant.startsWith("tools:") ? "agents" : "anchors",
    rank: RANKS[variant] ?? "–",
    variant,
    episodes: own.length,
    planned: all.length,
    successes,
    atLeast: successes / all.length,
    atMost: (successes + all.length - own.length) / all.length,
    successRate: successRate(measure(({ success }) => Number(success))),
    meanScore: bootstrapMean(
      measure(({ score }) => score ?? 0),
      RESAMPLING_SEED,
    ),
    evidenceCoverage: bootstrapMean(
      measure((e) => e.evidenceCoverage ?? 0),
      RESAMPLING_SEED,
    ),
    wrongRemediationRate: bootstrapRatio(
      parts(
        (e) => e.wrongChanges,
        (e) => e.changes,
      ),
      RESAMPLING_SEED,
    ),
    allOfK: { ...successRate(measure(({ success }) => Number(success))), k: 2 },
    distractorRate: bootstrapRatio(
      parts(
        (e) => e.distractorChanges,
        (e) => e.changes,
      ),
      RESAMPLING_SEED,
    ),
    invalidActionRate: bootstrapRatio(
      parts(
        (e) => e.invalidActions,
        (e) => e.steps,
      ),
      RESAMPLING_SEED,
    ),
    meanSteps: own.reduce((total, { steps }) => total + steps, 0) / own.length,
  };
});

/** Values of one objective: `healthy` until minute −2, `broken` until minute 4.5, then back. */
const recovering = (healthy: number, broken: number) => (minutes: number) =>
  minutes < -2 ? healthy : minutes < 4.5 ? broken + (minutes % 1) * (broken - healthy) * 0.1 : healthy;

const CURVES = [recovering(0.999, 0.93), recovering(140, 1900), () => 4, () => 0];

export const timeline: Timeline = {
  title: "inc-108, seed 1000000, tools:qwen3.5-397b",
  objectives: [
    { name: "availability_ratio", unit: "ratio", direction: "at_least", objective: 0.995 },
    { name: "latency_p95_ms", unit: "ms", direction: "at_most", objective: 300 },
    { name: "queue_age_s", unit: "s", direction: "at_most", objective: 120 },
    { name: "duplicate_ratio", unit: "ratio", direction: "at_most", objective: 0.005 },
  ],
  ticks: Array.from({ length: 57 }, (_, tick) => {
    const minutes = -5 + tick / 4;
    return { minutes, values: CURVES.map((curve) => curve(minutes)) };
  }),
  actions: [
    { minutes: 0.25, label: "inspect_metrics(load_balancer)", kind: "observe" },
    { minutes: 0.5, label: "inspect_metrics(web_server)", kind: "observe" },
    { minutes: 0.75, label: "inspect_logs(web_server)", kind: "observe" },
    { minutes: 1, label: "inspect_metrics(cache)", kind: "observe" },
    { minutes: 1.25, label: "inspect_config(cache)", kind: "observe" },
    { minutes: 1.5, label: "inspect_config(cache, max_memory_mb)", kind: "observe" },
    { minutes: 2.5, label: "update_config(cache, max_memory_mb, 4096)", kind: "remediate" },
    { minutes: 2.75, label: "inspect_metrics(cache)", kind: "observe" },
    { minutes: 3, label: "check_status(web_server)", kind: "observe" },
    { minutes: 4.25, label: "restart_service(web_server)", kind: "remediate" },
    { minutes: 5, label: "inspect_metrics(load_balancer)", kind: "observe" },
    { minutes: 6, label: "resolve_incident(cache, memory_limit_too_low)", kind: "close" },
  ],
};

export const costs: CostRow[] = Object.keys(RESULTS).map((variant, i) => {
  const isModel = variant.startsWith("tools:");
  return {
    variant,
    calls: isModel ? 188 : 0,
    failedCalls: isModel ? 17 : 0,
    inputTokens: isModel ? 1_234_567 : null,
    outputTokens: isModel ? 45_678 : null,
    // Two more have a price, so that the figure has a line to draw.
    scoredCost: variant === "random" ? null : 10.4 - 5 * i,
    totalCost: variant === "random" ? null : 10.5 - 5 * i,
    costPerSuccess: variant === "random" ? null : 2.5 - i,
    unpriced: isModel ? 2 : 0,
    latencyP50: isModel ? 1.8 : null,
    latencyP99: isModel ? 9.4 : null,
    waiting: isModel ? 412 : 0,
  };
});

export const reportInput: ReportInput = {
  title: "Twelve incidents, four agents",
  generatedFor: "core@1.0.0, split test, run 20260401-120000-ab12",
  leaderboard,
  notRanked: [
    {
      variant: "tools:qwen3.5-397b",
      reasons: [
        {
          code: "L03",
          came: "22 of 24 episodes are scored.",
          wanted: "at least 98 % of the episodes scored, and every task",
        },
        { code: "L08", came: "The hardware of a local model is missing: --hardware.", wanted: "a complete identity" },
      ],
    },
  ],
  agents: [
    { variant: "expert", facts: [["kind", "expert"]] },
    {
      variant: "tools:qwen3.5-397b",
      facts: [
        ["kind", "llm"],
        ["model", "Qwen3.5-397B"],
        ["engine", "mlx_lm"],
        ["quantisation", "4bit"],
      ],
    },
  ],
  policy: [
    ["policy qwen max_retries", "5"],
    ["policy qwen attempt_timeout_s", "600"],
  ],
  providerErrors: [
    { variant: "tools:qwen3.5-397b", errorClass: "timeout", calls: 11, unscored: 1 },
    { variant: "tools:qwen3.5-397b", errorClass: "server", calls: 6, unscored: 1 },
  ],
  endings: Object.keys(RESULTS).map((variant) => ({
    variant,
    endings: variant === "random" ? { resolved: 21, step_budget: 3 } : { resolved: 24 },
    once: { successes: 20, scored: 22 },
    again: { successes: 1, scored: 2 },
  })),
  costs,
  history: [
    {
      variant: "tools:qwen3.5-397b",
      points: [0.31, 0.38, 0.52, 0.49].map((value, i) => ({
        run: `2026040${i + 1}-120000-ab12`,
        at: `2026-04-0${i + 1}T12:00:00Z`,
        under: i < 2 ? "core@0.9.0" : "core@1.0.0",
        successRate: { value, lower: value - 0.2, upper: value + 0.2, n: 24 },
        meanScore: { value, lower: value - 0.12, upper: value + 0.12, n: 24 },
      })),
    },
  ],
  power: "12 tasks can tell apart differences of 0.40 or more (80 % power, one trial each).",
  episodes,
  rubric: [
    { letter: "H", means: "hops" },
    { letter: "D", means: "distractors" },
  ],
  tasks: Array.from({ length: 12 }, (_, task) => ({
    taskId: `inc-${101 + task}`,
    difficulty: difficultyOf(task),
    grades: [Math.floor(task / 4), task % 4],
  })),
  timelines: [timeline],
  versions: [
    ["suite", "core@1.0.0"],
    ["version env", "1.0.0"],
    ["version scoring", "1.0.0"],
    ["base seed", "7"],
  ],
  notes: ["Two slots of tools:qwen3.5-397b ended in provider errors and are not scored."],
};
