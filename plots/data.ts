import type { Estimate } from "../eval/stats/estimate.ts";

export type { Estimate };

export type Difficulty = "easy" | "medium" | "hard";

/** The bands in the order in which figures and tables show them. */
export const DIFFICULTIES: readonly Difficulty[] = ["easy", "medium", "hard"];

/** One scored or unscored episode, as a figure sees it. */
export interface EpisodePoint {
  readonly variant: string;
  readonly taskId: string;
  readonly difficulty: Difficulty;
  readonly seed: number;
  readonly trial: number;
  /** False when a provider, the harness or a person ended it: it then enters no rate. */
  readonly scored: boolean;
  /** success, failure, provider_error, … */
  readonly outcome: string;
  readonly success: boolean;
  /** 0 to 1; `null` when unscored. */
  readonly score: number | null;
  /** Share of the needed evidence that was seen, 0 to 1; `null` when unscored. */
  readonly evidenceCoverage: number | null;
  readonly steps: number;
  readonly invalidActions: number;
  readonly changes: number;
  readonly wrongChanges: number;
  readonly distractorChanges: number;
}

/** Tables that are never mixed: their agents had different help. */
export const TABLES = ["agents", "assisted", "human", "anchors"] as const;

/** One row of the leaderboard, computed elsewhere. */
export interface LeaderboardRow {
  readonly table: (typeof TABLES)[number];
  /** "3", "2–5", or a dash for an entry that is not ranked. */
  readonly rank: string;
  readonly variant: string;
  /** Scored episodes, and all that were planned. */
  readonly episodes: number;
  readonly planned: number;
  readonly successes: number;
  /** What the success rate could be at least and at most, whatever the unscored episodes would have given. */
  readonly atLeast: number | null;
  readonly atMost: number | null;
  readonly successRate: Estimate;
  readonly meanScore: Estimate;
  /** Handling all of k different pages of one incident, for the largest k that there are trials for; null for one. */
  readonly allOfK: (Estimate & { readonly k: number }) | null;
  readonly evidenceCoverage: Estimate;
  readonly wrongRemediationRate: Estimate;
  readonly distractorRate: Estimate;
  readonly invalidActionRate: Estimate;
  readonly meanSteps: number | null;
}

/** An agent that is not ranked, or an anchor that would not be, and why. */
export interface NotRanked {
  readonly variant: string;
  readonly reasons: readonly { readonly code: string; readonly came: string; readonly wanted: string }[];
}

/** A name and what it stands for. */
export type Fact = readonly [name: string, value: string];

/** One class of provider error. */
export interface ProviderErrorRow {
  readonly variant: string;
  readonly errorClass: string;
  /** Requests that failed with it. */
  readonly calls: number;
  /** Episodes that it left unscored. */
  readonly unscored: number;
}

/** What an agent used; null where it is unknown or there is none. */
export interface CostRow {
  readonly variant: string;
  readonly calls: number;
  readonly failedCalls: number;
  /** Over the scored episodes. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** US dollars. */
  readonly scoredCost: number | null;
  readonly totalCost: number | null;
  readonly costPerSuccess: number | null;
  /** Calls whose cost is unknown: the costs are then lower bounds. */
  readonly unpriced: number;
  /** Seconds from sending to the last byte, of calls that succeeded. */
  readonly latencyP50: number | null;
  readonly latencyP99: number | null;
  /** Seconds spent in gate, retries and pauses, which are nobody's speed. */
  readonly waiting: number | null;
}

/** How one agent's scored episodes came to their end, and what became of those that were played again. */
export interface EndingRow {
  readonly variant: string;
  /** resolved, step_budget, time_limit, … */
  readonly endings: Readonly<Record<string, number>>;
  readonly once: { readonly successes: number; readonly scored: number };
  readonly again: { readonly successes: number; readonly scored: number };
}

/** One agent over several runs, the oldest first. */
export interface History {
  readonly variant: string;
  readonly points: readonly {
    readonly run: string;
    /** ISO time. */
    readonly at: string;
    /** Suite and versions; runs compare only where they are equal. */
    readonly under: string;
    readonly successRate: Estimate;
    readonly meanScore: Estimate;
  }[];
}

/** How difficult a task is meant to be: its grades, in the order of the report's rubric. */
export interface GradedTask {
  readonly taskId: string;
  readonly difficulty: Difficulty;
  readonly grades: readonly number[];
}

/** A service level objective and which side of it is good. */
export interface TimelineObjective {
  readonly name: string;
  readonly unit: string;
  readonly direction: "at_least" | "at_most";
  readonly objective: number;
}

/** Something the agent did. */
export interface TimelineAction {
  /** Simulated minutes since the page. */
  readonly minutes: number;
  readonly label: string;
  readonly kind: "observe" | "remediate" | "close";
}

/** A replayed episode. */
export interface Timeline {
  readonly title: string;
  readonly objectives: readonly TimelineObjective[];
  /** One entry per tick: minutes since the page (negative = before), and one value per objective. */
  readonly ticks: readonly { readonly minutes: number; readonly values: readonly number[] }[];
  readonly actions: readonly TimelineAction[];
}

/** All that the HTML report shows. */
export interface ReportInput {
  readonly title: string;
  /** What was run, in one line: suite, split, run id. */
  readonly generatedFor: string;
  /** Ranked agents, and anchors. */
  readonly leaderboard: readonly LeaderboardRow[];
  readonly notRanked: readonly NotRanked[];
  readonly agents: readonly { readonly variant: string; readonly facts: readonly Fact[] }[];
  /** Retries, time-outs, rates and budgets of the run. */
  readonly policy: readonly Fact[];
  readonly providerErrors: readonly ProviderErrorRow[];
  readonly endings: readonly EndingRow[];
  readonly costs: readonly CostRow[];
  readonly history: readonly History[];
  /** What so many episodes can tell apart, as a sentence. */
  readonly power: string;
  readonly episodes: readonly EpisodePoint[];
  /** What the grades of a task stand for. */
  readonly rubric: readonly { readonly letter: string; readonly means: string }[];
  /** The tasks of the suite; those that were not played are not shown. */
  readonly tasks: readonly GradedTask[];
  readonly timelines: readonly Timeline[];
  /** Suite, versions, hashes, seeds. */
  readonly versions: readonly Fact[];
  /** Limitations and remarks, one sentence each. */
  readonly notes: readonly string[];
}
