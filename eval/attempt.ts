import type { AgentContext } from "../agents/agent.ts";
import { ProgramNotStarted } from "../agents/command/errors.ts";
import type { OutsideEpisode } from "../agents/command/outside.ts";
import type { ChatModel } from "../agents/llm/chat-model.ts";
import { ProviderError } from "../agents/llm/errors.ts";
import type { EnvClient } from "../env/client/client.ts";
import type { Verdict } from "../env/contract/index.ts";
import { rngFor } from "../env/core/rng.ts";
import type { FinishedEpisode, Outcome } from "../env/store/store.ts";
import type { Tell } from "./answers.ts";
import type { Clock } from "./clock.ts";
import { tryEpisode } from "./episode.ts";
import type { EpisodeLimits, SeenStep } from "./episode.ts";
import { scoredEpisode, unscoredEpisode } from "./finished.ts";
import type { PlannedSlot } from "./plan.ts";
import type { EpisodeModel } from "./provider/chat-model.ts";
import { TimedModel } from "./timed-model.ts";

/** What an attempt at a slot is made with. */
export interface AttemptRequest {
  readonly slot: PlannedSlot;
  readonly episodeId: string;
  readonly baseSeed: number;
  readonly client: EnvClient;
  readonly nearby: (() => EnvClient) | undefined;
  /** Who answers; null where no model is asked. */
  readonly model: EpisodeModel | null;
  /** Where an outside program plays; null where none does. */
  readonly outside: OutsideEpisode | null;
  readonly tell: Tell;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly limits: EpisodeLimits;
  readonly onStep: (step: SeenStep) => void;
}

/** An attempt that has ended, with what its record does not say. */
export interface Attempted {
  readonly episode: FinishedEpisode;
  /** Null when nothing was scored. */
  readonly verdict: Verdict | null;
  /** Whether no other call to the endpoint can succeed. */
  readonly fatal: boolean;
  /** Whether no other episode of this agent can begin. */
  readonly hopeless: boolean;
  /** What an outside program printed. */
  readonly output: { readonly stdout: string; readonly stderr: string } | null;
  /** What broke the episode; null when it was scored. */
  readonly error: unknown;
}

/** Plays one attempt to its end. Whatever ends it becomes an outcome; never rejects for what agent or provider did. */
export async function attempt(request: AttemptRequest): Promise<Attempted> {
  const { slot, episodeId, clock, signal, model } = request;
  const { variant, task, seed } = slot;
  const agent = variant.agent.create();
  const asked = model === null ? null : new TimedModel(model, clock);
  const played = await tryEpisode({
    client: request.client,
    agent,
    context: contextOf(request, asked),
    taskId: task.id,
    seed,
    clock,
    signal,
    limits: request.limits,
    waitedMs: () => asked?.askedMs ?? 0,
    onStep: stepCounter(request),
    ...(request.nearby === undefined ? {} : { nearby: request.nearby }),
  });
  const remains = agent.remains?.() ?? null;
  const around = { episodeId, totals: model?.totals ?? null, remains, at: clock.now() };
  if (!("error" in played)) {
    const episode = scoredEpisode(played, around);
    return { episode, verdict: played.verdict, fatal: false, hopeless: false, output: remains, error: null };
  }
  const { error } = played;
  return {
    episode: unscoredEpisode(played, outcomeOf(error, signal), around),
    verdict: null,
    fatal: error instanceof ProviderError && error.fatal,
    hopeless: error instanceof ProgramNotStarted,
    output: remains,
    error,
  };
}

/** The record of an attempt that did not come to be played. */
export function brokenAttempt(error: unknown, episodeId: string, at: number, signal: AbortSignal): Attempted {
  const around = { episodeId, totals: null, remains: null, at };
  const episode = unscoredEpisode({ error, steps: [], wallMs: 0 }, outcomeOf(error, signal), around);
  return { episode, verdict: null, fatal: false, hopeless: false, output: null, error };
}

function contextOf({ slot, baseSeed, outside, tell }: AttemptRequest, model: ChatModel | null): AgentContext {
  const { variant, task, seed, trial } = slot;
  return {
    rng: rngFor(baseSeed, `agent/${variant.label}/${task.id}`, trial),
    ...tell(variant.agent.needs, task, seed),
    ...(model === null ? {} : { model }),
    ...(outside === null ? {} : { outside }),
  };
}

/** Calls to the model are noted under the step that they are made for. */
function stepCounter({ model, onStep }: AttemptRequest): (step: SeenStep) => void {
  let steps = 0;
  return (step) => {
    steps += 1;
    model?.atStep(steps);
    onStep(step);
  };
}

/** A person's stop comes first: what it breaks is nobody's failure. */
function outcomeOf(error: unknown, signal: AbortSignal): Outcome {
  if (signal.aborted) return "cancelled";
  if (!(error instanceof ProviderError)) return "harness_error";
  if (error.class !== "aborted") return "provider_error";
  return error.code === "budget" ? "budget_stop" : "cancelled";
}
