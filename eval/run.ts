import type { Reference } from "../agents/agent.ts";
import type { EnvClient } from "../env/client/client.ts";
import type { Task } from "../env/core/task.ts";
import { sha256 } from "../env/store/canonical.ts";
import type { Outcome, ResultStore, RunStatus } from "../env/store/store.ts";
import type { AgentPlane } from "./agent-plane.ts";
import { answersFrom } from "./answers.ts";
import type { Clock } from "./clock.ts";
import type { SeenStep } from "./episode.ts";
import { inLanes } from "./lanes.ts";
import type { RunModels } from "./models.ts";
import type { Plan, PlannedSlot } from "./plan.ts";
import { Players } from "./players.ts";
import { HaltRule, MAX_PROVIDER_ERROR_RATE } from "./provider/halt.ts";
import { SlotPlayer } from "./slot-player.ts";
import { suiteRecord, taskSpec } from "./specs.ts";

/** What a run needs from outside. */
export interface RunDeps {
  readonly store: ResultStore;
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
  readonly signal: AbortSignal;
  readonly onEpisode?: (event: EpisodeEvent) => void;
  readonly onStep?: (slot: PlannedSlot, step: SeenStep) => void;
  /** The variants of an endpoint are stopped; the others go on. */
  readonly onHalt?: (stopped: StoppedVariants) => void;
  /** What an outside program printed. */
  readonly onOutput?: (episodeId: string, output: { readonly stdout: string; readonly stderr: string }) => void;
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
  readonly status: Extract<RunStatus, "complete" | "cancelled" | "failed" | "halted">;
  /** Slots that have been played, and all there are. */
  readonly done: number;
  readonly planned: number;
  /** Episodes that our own fault spoilt. */
  readonly errors: number;
  /** Slots that a provider spoilt in the end. */
  readonly unscored: number;
  readonly stopped: readonly StoppedVariants[];
}

/** Facts about a run that are kept with it. */
export interface RunFacts {
  readonly name?: string;
  readonly versions: Readonly<Record<string, string>>;
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
  const { store, clock } = deps;
  const players = new Players(plan.variants, deps);
  const tell = answersFrom(plan.suite.tasks, deps.referenceFor);
  const player = new SlotPlayer({ plan, deps, rules, players, halts: new HaltRule(rules.maxErrorRate), tell });
  await storePlan(plan, facts, concurrency, deps);
  await store.startRun(plan.runId, clock.now());
  try {
    let open = plan.slots;
    for (let round = 0; round <= rules.episodeRetries && open.length > 0; round += 1) {
      await inLanes(open, players, concurrency, (slot) => player.play(slot));
      if (round < rules.episodeRetries) open = await player.reopenSpoilt();
    }
  } finally {
    await players.close();
  }
  const summary = player.summary();
  await store.finishRun(plan.runId, { status: summary.status, at: clock.now(), reason: reasonOf(summary) });
  return summary;
}

function reasonOf({ status, stopped }: RunSummary): string | null {
  if (status === "cancelled") return "stopped by a person";
  return stopped.length === 0
    ? null
    : stopped.map(({ variants, reason }) => `${variants.join(", ")}: ${reason}`).join(" ");
}

async function storePlan(plan: Plan, facts: RunFacts, concurrency: number, { store, clock }: RunDeps): Promise<void> {
  const { suite, tasks, variants } = plan;
  await store.createRun(
    {
      runId: plan.runId,
      name: facts.name ?? null,
      createdAt: clock.now(),
      suite: suite.name,
      suiteVersion: suite.version,
      filter: { tasks: tasks.map(({ id }) => id), agents: variants.map(({ label }) => label) },
      trials: plan.trials,
      baseSeed: plan.baseSeed,
      saltSha256: plan.salt === "" ? null : sha256(plan.salt),
      fingerprint: plan.fingerprint,
      config: { ...facts.config, concurrency },
      policy: facts.policy ?? {},
      prices: facts.prices ?? [],
      versions: facts.versions,
      gitCommit: facts.gitCommit,
      gitDirty: facts.gitDirty,
    },
    suiteRecord(suite),
  );
  await store.plan(plan.runId, {
    variants: variants.map(({ identity }) => identity),
    taskSpecs: tasks.map((task) => taskSpec(suite, task)),
    slots: plan.slots.map(({ variant, specHash, trial, seed, ordinal }) => ({
      variantId: variant.id,
      specHash,
      seed,
      trial,
      ordinal,
    })),
  });
}
