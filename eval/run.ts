import pLimit from "p-limit";
import type { Reference } from "../agents/agent.ts";
import type { EnvClient } from "../env/client/client.ts";
import { rngFor } from "../env/core/rng.ts";
import type { Task } from "../env/core/task.ts";
import type { FinishedEpisode, Outcome, ResultStore } from "../env/store/store.ts";
import { answersFrom } from "./answers.ts";
import type { Tell } from "./answers.ts";
import type { Clock } from "./clock.ts";
import { playEpisode } from "./episode.ts";
import type { PlayedEpisode } from "./episode.ts";
import type { Plan, PlannedSlot } from "./plan.ts";
import { suiteRecord, taskSpec } from "./specs.ts";

/** What a run needs from outside. */
export interface RunDeps {
  readonly store: ResultStore;
  readonly clock: Clock;
  /** Opens a connection to the environment; one per worker. */
  readonly connect: () => Promise<EnvClient>;
  /** The answer to one instance, for agents whose kind needs it. */
  readonly referenceFor: (task: Task, seed: number) => Reference;
  readonly signal: AbortSignal;
  readonly onEpisode?: (event: EpisodeEvent) => void;
}

/** One finished episode, for progress. */
export interface EpisodeEvent {
  readonly slot: PlannedSlot;
  readonly outcome: Outcome;
  readonly score: number | null;
  readonly done: number;
  readonly planned: number;
  readonly error: string | null;
}

export interface RunSummary {
  readonly runId: string;
  readonly status: "complete" | "cancelled" | "failed";
  readonly done: number;
  readonly planned: number;
  readonly errors: number;
}

/** Facts about a run that are kept with it. */
export interface RunFacts {
  readonly name?: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, unknown>>;
  readonly gitCommit: string | null;
  readonly gitDirty: boolean | null;
}

/**
 * Plays what is planned with several workers, each with its own connection, and stores every episode as it ends. An
 * episode that fails for our own fault is stored unscored, and the others go on.
 */
export async function runPlan(plan: Plan, facts: RunFacts, concurrency: number, deps: RunDeps): Promise<RunSummary> {
  const { store, clock, signal } = deps;
  await storePlan(plan, facts, concurrency, deps);
  await store.startRun(plan.runId, clock.now());

  const idle: EnvClient[] = [];
  const limit = pLimit(concurrency);
  const tell = answersFrom(plan.suite.tasks, deps.referenceFor);
  let done = 0;
  let errors = 0;
  const playOne = async (slot: PlannedSlot): Promise<void> => {
    if (signal.aborted) return;
    const started = await store.startEpisode(slot.slotId, clock.now());
    if (started.status === "taken") return;
    const client = idle.pop() ?? (await deps.connect());
    const episode = await attempt(slot, plan, started.episodeId, client, { ...deps, tell });
    if (episode.outcome === "success" || episode.outcome === "failure") idle.push(client);
    else await client.close();
    await store.commitEpisode(episode);
    done += 1;
    if (episode.outcome === "harness_error") errors += 1;
    const { outcome, errorDetail } = episode;
    deps.onEpisode?.({
      slot,
      outcome,
      score: episode.score ?? null,
      done,
      planned: plan.slots.length,
      error: errorDetail ?? null,
    });
  };
  try {
    await Promise.all(plan.slots.map((slot) => limit(() => playOne(slot))));
  } finally {
    await Promise.all(idle.map((client) => client.close()));
  }
  const status = signal.aborted ? "cancelled" : errors > 0 ? "failed" : "complete";
  await store.finishRun(plan.runId, { status, at: clock.now(), reason: signal.aborted ? "stopped by a person" : null });
  return { runId: plan.runId, status, done, planned: plan.slots.length, errors };
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
      fingerprint: plan.fingerprint,
      config: { ...facts.config, concurrency },
      policy: {},
      prices: [],
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

async function attempt(
  slot: PlannedSlot,
  plan: Plan,
  episodeId: string,
  client: EnvClient,
  { clock, signal, tell }: RunDeps & { readonly tell: Tell },
): Promise<FinishedEpisode> {
  const { variant, task, seed, trial } = slot;
  try {
    const played = await playEpisode({
      client,
      agent: variant.agent.create(),
      context: {
        rng: rngFor(plan.baseSeed, `agent/${variant.label}/${task.id}`, trial),
        ...tell(variant.agent.needs, task, seed),
      },
      taskId: task.id,
      seed,
      clock,
      signal,
    });
    return scored(episodeId, played, clock.now());
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return unscored(episodeId, signal.aborted ? "cancelled" : "harness_error", detail, clock.now());
  }
}

const NO_PROVIDER = { providerCalls: 0, providerFailures: 0, costComplete: true } as const;

function scored(
  episodeId: string,
  { verdict, steps, trajectorySha256, wallMs }: PlayedEpisode,
  at: number,
): FinishedEpisode {
  const { metrics } = verdict;
  const number = (name: string): number => Number(metrics[name] ?? 0);
  const premature = metrics.premature_resolution;
  return {
    episodeId,
    outcome: verdict.success ? "success" : "failure",
    terminalReason: verdict.ended as FinishedEpisode["terminalReason"],
    score: verdict.score,
    evidenceCoverage: verdict.parts.coverage,
    invalidActions: number("invalid_actions"),
    repeatedActions: number("repeated_actions"),
    changes: number("changes"),
    wrongChanges: number("wrong_changes"),
    distractorChanges: number("distractor_changes"),
    prematureResolution: typeof premature === "boolean" ? premature : null,
    checks: verdict.checks,
    metrics: { ...metrics, flags: flagsOf(verdict), checks_score: verdict.checks_score },
    ...NO_PROVIDER,
    wallMs,
    workingMs: wallMs,
    waitingMs: 0,
    trajectorySha256,
    endedAt: at,
    steps,
  };
}

/** The verdict's yes-and-no parts, which rates are made of. */
const flagsOf = (verdict: PlayedEpisode["verdict"]): Record<string, boolean> => ({
  success: verdict.success,
  resolved: verdict.resolved,
  diagnosed: verdict.diagnosed,
  mitigated: verdict.mitigated,
  durable: verdict.durable,
  grounded: verdict.grounded,
  clean_success: verdict.clean_success,
});

const unscored = (episodeId: string, outcome: Outcome, detail: string, at: number): FinishedEpisode => ({
  episodeId,
  outcome,
  errorClass: outcome,
  errorDetail: detail.toWellFormed().slice(0, 500),
  invalidActions: 0,
  repeatedActions: 0,
  changes: 0,
  wrongChanges: 0,
  distractorChanges: 0,
  ...NO_PROVIDER,
  endedAt: at,
  steps: [],
});
