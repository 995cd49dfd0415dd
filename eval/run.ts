import type { Reference } from "../agents/agent.ts";
import type { EnvClient } from "../env/client/client.ts";
import type { Task } from "../env/core/task.ts";
import type { JobQueue } from "../env/store/queue.ts";
import type { Outcome, ResultStore, RunStatus } from "../env/store/store.ts";
import type { AgentPlane } from "./agent-plane.ts";
import { answersFrom } from "./answers.ts";
import type { Clock } from "./clock.ts";
import type { SeenStep } from "./episode.ts";
import { takeHold } from "./hold.ts";
import type { Hold } from "./hold.ts";
import { inLanes, lanesOf } from "./lanes.ts";
import type { RunModels } from "./models.ts";
import type { Plan, PlannedSlot } from "./plan.ts";
import { Players } from "./players.ts";
import { BudgetRule, budgetText } from "./provider/budget.ts";
import type { BudgetStop } from "./provider/budget.ts";
import { HaltRule, MAX_PROVIDER_ERROR_RATE } from "./provider/halt.ts";
import { SlotPlayer } from "./slot-player.ts";
import { Standing } from "./standing.ts";
import { noteNewPolicy, storeAmended, storePlan } from "./store-plan.ts";
import type { Stops } from "./stops.ts";

/** What a run needs from outside. */
export interface RunDeps {
  readonly store: ResultStore;
  readonly jobs: JobQueue;
  readonly clock: Clock;
  /** Opens a connection to the environment; one per worker. */
  readonly connect: () => Promise<EnvClient>;
  /** An environment in this process, for cutting episodes of a remote one short. */
  readonly nearby?: () => EnvClient;
  /** The answer to one instance, for agents whose kind needs it. */
  readonly referenceFor: (task: Task, seed: number) => Reference;
  /** For agents that ask a model. */
  readonly models?: RunModels;
  /** For agents that are outside programs. */
  readonly openPlane?: () => Promise<AgentPlane>;
  /** Who wants the run to stop. */
  readonly stops: Stops;
  /** What the run may use; one that remembers what it has used before. Absent: anything. */
  readonly budget?: BudgetRule;
  /** Files beside the database; they follow it, and are never ahead of it. */
  readonly checkpoints?: RunFiles;
  /** Calls back every second or so until told to stop: signs of life, and looks at the pause file, while calls last. */
  readonly pulse?: (beat: () => void) => () => void;
  readonly onEpisode?: (event: EpisodeEvent) => void;
  readonly onStep?: (slot: PlannedSlot, step: SeenStep) => void;
  /** The variants of an endpoint are stopped; the others go on. */
  readonly onHalt?: (stopped: StoppedVariants) => void;
  /** The next episode is not expected to fit what the run may use. */
  readonly onBudget?: (stop: BudgetStop) => void;
  /** What an outside program printed. */
  readonly onOutput?: (episodeId: string, output: { readonly stdout: string; readonly stderr: string }) => void;
}

/** Files beside the database, told of what has been committed. */
export interface RunFiles {
  runStarted(runId: string): Promise<void>;
  runResumed(runId: string): Promise<void>;
  episodeEnded(runId: string, episodeId: string): Promise<void>;
  runStopped(runId: string): Promise<void>;
}

/** How a run treats what goes wrong. */
export interface RunRules {
  /** Times that an episode which its provider spoilt is played again, at the end. */
  readonly episodeRetries: number;
  /** Of an endpoint's finished slots, the largest share that its provider may spoil. */
  readonly maxErrorRate: number;
  /** Input and output of all calls of one episode. */
  readonly maxEpisodeTokens?: number | undefined;
  /** Working time of one turn, in milliseconds; a longer one is our fault. */
  readonly patienceMs: number;
}

export const DEFAULT_RULES: RunRules = {
  episodeRetries: 1,
  maxErrorRate: MAX_PROVIDER_ERROR_RATE,
  patienceMs: 15 * 60_000,
};

/** One finished episode, for progress. */
export interface EpisodeEvent {
  readonly slot: PlannedSlot;
  readonly outcome: Outcome;
  readonly score: number | null;
  /** Input and output of its calls; null where none is known. */
  readonly tokens: number | null;
  /** Millionths of a US dollar; null when unknown. */
  readonly costUusd: number | null;
  /** Slots that have been played, and all there are. */
  readonly done: number;
  readonly planned: number;
  /** Why it was not scored. */
  readonly error: string | null;
  /** Where our own fault lies; null for any other. */
  readonly stack: string | null;
}

/** Variants whose endpoint is given up, and why. */
export interface StoppedVariants {
  readonly variants: readonly string[];
  readonly reason: string;
}

export interface RunSummary {
  readonly runId: string;
  /** `taken_over`: another process plays it now. */
  readonly status: Exclude<RunStatus, "planned" | "running" | "cancelled"> | "taken_over";
  /** Slots that have been played, and all there are. */
  readonly done: number;
  readonly planned: number;
  /** Episodes that our own fault spoilt. */
  readonly errors: number;
  /** Slots that a provider spoilt in the end. */
  readonly unscored: number;
  readonly stopped: readonly StoppedVariants[];
  /** Which bound keeps it from going on. */
  readonly budget: BudgetStop | null;
}

/** Facts about a run that are kept with it. */
export interface RunFacts {
  readonly name?: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Requests that, read again, make the plan. */
  readonly asked?: readonly object[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly prices?: readonly unknown[];
  readonly gitCommit: string | null;
  readonly gitDirty: boolean | null;
}

/**
 * Plays what is planned with several workers, each with its own connection, and stores every episode as it ends. An
 * episode that fails for our own fault or a provider's is stored unscored, and the others go on. Of an endpoint that
 * keeps failing no more is played; its slots stay open, so that the run can be resumed.
 * @param concurrency episodes at once of agents that wait for nobody; the others are bounded by their endpoint
 */
export async function runPlan(
  plan: Plan,
  facts: RunFacts,
  concurrency: number,
  deps: RunDeps,
  rules: RunRules = DEFAULT_RULES,
): Promise<RunSummary> {
  await storePlan(plan, { ...facts, config: { ...facts.config, concurrency } }, deps);
  const hold = await takeHold(plan.runId, deps);
  return playHeld(plan, hold, concurrency, deps, rules);
}

/**
 * Goes on with a run that has stopped, for whatever reason: what was being played when its process died is played
 * again, and so is every slot without a score. What has a score stays.
 * @throws RunHeld while another process plays it
 */
export async function resumePlan(
  plan: Plan,
  facts: RunFacts,
  concurrency: number,
  deps: RunDeps,
  rules: RunRules = DEFAULT_RULES,
): Promise<RunSummary> {
  const { store, jobs, clock } = deps;
  const { runId } = plan;
  const hold = await takeHold(runId, deps);
  await storeAmended(plan, facts, deps);
  const died = await store.recoverRun(runId, clock.now());
  const unscored = await store.slots(runId, "unscored");
  await jobs.enqueue(unscored.map(({ slotId }) => slotId));
  const data = { abandoned: died.episodes, lost_calls: died.calls, reopened: unscored.length };
  await store.addEvent({ runId, at: clock.now(), type: "resume", data });
  await noteNewPolicy(plan, facts, deps);
  await deps.checkpoints?.runResumed(runId);
  return playHeld(plan, hold, concurrency, deps, rules);
}

async function playHeld(
  plan: Plan,
  hold: Hold,
  concurrency: number,
  deps: RunDeps,
  rules: RunRules,
): Promise<RunSummary> {
  const { store, jobs, clock, stops } = deps;
  const { runId } = plan;
  const players = new Players(plan.variants, deps);
  const budget = deps.budget ?? new BudgetRule({});
  const doneBefore = (await store.slots(runId, "scored")).map(({ slotId }) => slotId);
  const standing = new Standing({ plan, stops, hold, doneBefore, onEpisode: deps.onEpisode });
  const halts = new HaltRule(rules.maxErrorRate);
  const tell = answersFrom(plan.suite.tasks, deps.referenceFor);
  const player = new SlotPlayer({ plan, deps, rules, players, hold, halts, budget, standing, tell });
  const lanes = lanesOf(plan.variants, players, concurrency);
  await store.startRun(runId, clock.now());
  await deps.checkpoints?.runStarted(runId);
  const stopPulse = deps.pulse?.(() => void pulse(hold, stops));
  try {
    for (let round = 0; ; round += 1) {
      await inLanes(lanes, (lane) => player.playNext(lane), stops);
      if (round === rules.episodeRetries || (await player.reopenSpoilt()) === 0) break;
    }
  } finally {
    stopPulse?.();
    await players.close();
  }
  const left = await jobs.stats(runId);
  const summary = standing.summary(left);
  if (summary.status === "taken_over") return summary;
  const stop = { status: summary.status, at: clock.now(), reason: reasonOf(summary, stops) };
  if (!(await store.finishRun(runId, stop, hold.token))) {
    hold.lose();
    return standing.summary(left);
  }
  if (summary.status === "paused") {
    await store.addEvent({ runId, at: clock.now(), type: "pause", data: { by: stops.reason } });
  }
  await deps.checkpoints?.runStopped(runId);
  return summary;
}

/** What has to be looked at also while an episode takes long. */
async function pulse(hold: Hold, stops: Stops): Promise<void> {
  stops.look();
  await hold.beat().catch(() => {}); // the next write says what is wrong with the store
  if (hold.isLost) stops.ask("now", "another process has taken the run over");
}

function reasonOf({ status, stopped, budget }: RunSummary, stops: Stops): string | null {
  if (status === "paused") return `by ${stops.reason}`;
  if (status === "budget_stopped" && budget !== null) return budgetText(budget);
  return stopped.length === 0
    ? null
    : stopped.map(({ variants, reason }) => `${variants.join(", ")}: ${reason}`).join(" ");
}
