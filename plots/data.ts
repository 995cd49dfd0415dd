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

/** One row of the leaderboard, computed elsewhere. */
export interface LeaderboardRow {
  /** "3", "2–5", or a dash for an entry that is not ranked. */
  readonly rank: string;
  readonly variant: string;
  /** Scored episodes. */
  readonly episodes: number;
  readonly successRate: Estimate;
  readonly meanScore: Estimate;
  readonly evidenceCoverage: Estimate;
  readonly wrongRemediationRate: Estimate;
  readonly invalidActionRate: Estimate;
  readonly meanSteps: number | null;
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
  readonly leaderboard: readonly LeaderboardRow[];
  readonly episodes: readonly EpisodePoint[];
  /** What the grades of a task stand for. */
  readonly rubric: readonly { readonly letter: string; readonly means: string }[];
  /** The tasks of the suite; those that were not played are not shown. */
  readonly tasks: readonly GradedTask[];
  readonly timelines: readonly Timeline[];
  /** Name → version, hash or setting. */
  readonly versions: Readonly<Record<string, string>>;
  /** Limitations and remarks, one sentence each. */
  readonly notes: readonly string[];
}
