import type { Agent, AgentContext, LastTurn } from "../agents/agent.ts";
import type { EnvClient } from "../env/client/client.ts";
import type { Observation, ResetInfo, StepTurn, Verdict } from "../env/contract/index.ts";
import { storableAction } from "../env/contract/storable.ts";
import type { NewStep, TerminalReason } from "../env/store/store.ts";
import type { Clock } from "./clock.ts";
import { EpisodeLog } from "./episode-log.ts";
import type { PlayedTurn } from "./episode-log.ts";

import { truncatedNearby } from "./truncate-nearby.ts";
import { Watchdog } from "./watchdog.ts";

/** What an episode is played with. */
export interface EpisodeRequest {
  readonly client: EnvClient;
  readonly agent: Agent;
  readonly context: AgentContext;
  readonly taskId: string;
  readonly seed: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly limits?: EpisodeLimits;
  /** An environment in this process, for a client that cannot cut its episode short. */
  readonly nearby?: () => EnvClient;
  /** Milliseconds spent waiting for others so far, calls to models included: they are not the agent's work. */
  readonly waitedMs?: () => number;
  /** Told what was done and seen, from the page on. */
  readonly onStep?: (step: SeenStep) => void;
}

/** What bounds an episode besides its steps; an absent bound does not bind. */
export interface EpisodeLimits {
  /** Input and output of all calls to models. */
  readonly maxTokens?: number | undefined;
  /** Working time of one turn, in milliseconds; a longer one is our fault, not the agent's. */
  readonly patienceMs?: number | undefined;
}

export interface SeenStep {
  /** Null for the page. */
  readonly turn: HarnessTurn | null;
  readonly observation: Observation;
}

/** A turn of an agent, or the harness's decision that there are no more. */
export type HarnessTurn = PlayedTurn & { readonly stop?: TerminalReason };

/** A played episode: the verdict, every step, and the hashes that a replay must meet. */
export interface PlayedEpisode {
  readonly verdict: Verdict;
  readonly info: ResetInfo;
  readonly steps: readonly NewStep[];
  readonly trajectorySha256: string;
  readonly rewardsSha256: string;
  readonly wallMs: number;
}

/** An episode that measured nothing: what was played of it, and what ended it. */
export interface BrokenEpisode {
  readonly error: unknown;
  readonly steps: readonly NewStep[];
  readonly wallMs: number;
}

/** Invalid actions in a row after which an agent is lost. */
export const INVALID_STREAK = 8;

/**
 * Plays an episode that is expected to go well.
 * @throws whatever the agent or the client throws
 */
export async function playEpisode(request: EpisodeRequest): Promise<PlayedEpisode> {
  const played = await tryEpisode(request);
  if ("error" in played) throw played.error;
  return played;
}

/**
 * The only episode loop: reset, then ask and step until it ends. Rewards and metrics stay with the harness; the agent
 * is given observations alone. An agent that stops, or passes a limit, is scored as if its steps were used up. What the
 * agent or the client throws ends it, and then nothing is scored.
 */
export async function tryEpisode(request: EpisodeRequest): Promise<PlayedEpisode | BrokenEpisode> {
  const { client, agent, context, taskId, seed, clock, onStep } = request;
  const began = clock.monotonic();
  const wallMs = (): number => Math.round(clock.monotonic() - began);
  const watchdog = watchdogOf(request);
  let log: EpisodeLog | null = null;
  let last: LastTurn | null = null;
  try {
    const { observation: page, info } = await client.reset({ seed, options: { task_id: taskId, text: false } });
    log = new EpisodeLog(page, clock);
    agent.begin(context);
    onStep?.({ turn: null, observation: page });
    for (;;) {
      const turn = await nextTurn(request, log, watchdog);
      const result =
        turn.stop === undefined ? await step(client, log, turn, watchdog) : await cutShort(request, log, turn.stop);
      onStep?.({ turn, observation: result.observation });
      const verdict = result.info.episode;
      if (verdict === undefined || verdict === null) continue;
      last = { observation: result.observation, terminated: result.terminated, truncated: result.truncated };
      return { verdict, info, ...log.result(), wallMs: wallMs() };
    }
  } catch (error) {
    return { error, steps: log?.result().steps ?? [], wallMs: wallMs() };
  } finally {
    watchdog?.dispose();
    await agent.end?.(last);
  }
}

async function nextTurn(
  { agent, signal, limits = {} }: EpisodeRequest,
  log: EpisodeLog,
  watchdog: Watchdog | null,
): Promise<HarnessTurn> {
  signal.throwIfAborted();
  if (log.invalidStreak >= INVALID_STREAK) return { action: null, stop: "invalid_streak" };
  if (log.tokens >= (limits.maxTokens ?? Infinity)) return { action: null, stop: "token_limit" };
  if (watchdog === null) return agent.act(log.observation, signal);
  watchdog.beat();
  return Promise.race([agent.act(log.observation, watchdog.signal), watchdog.stalled]);
}

async function step(
  client: EnvClient,
  log: EpisodeLog,
  turn: HarnessTurn,
  watchdog: Watchdog | null,
): Promise<StepTurn> {
  const action = storableAction(turn.action);
  const stepped = client.step(action ?? "");
  const result = await (watchdog === null ? stepped : Promise.race([stepped, watchdog.stalled]));
  log.add({ ...turn, action }, result);
  return result;
}

/** Ends the episode where it stands; it is scored like one whose steps are used up. */
async function cutShort(request: EpisodeRequest, log: EpisodeLog, reason: TerminalReason): Promise<StepTurn> {
  const { client, nearby, taskId, seed } = request;
  if (client.truncate !== undefined) return log.cut(await client.truncate(reason));
  if (nearby === undefined) throw new Error("The environment cannot cut an episode short, and there is none nearby.");
  return log.cut(await truncatedNearby(nearby(), { taskId, seed, log, reason }));
}

function watchdogOf({ clock, signal, limits = {}, waitedMs = () => 0 }: EpisodeRequest): Watchdog | null {
  const { patienceMs } = limits;
  return patienceMs === undefined ? null : new Watchdog({ clock, signal, patienceMs, waitedMs });
}
