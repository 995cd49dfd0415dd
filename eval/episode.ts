import type { Agent, AgentContext, Turn } from "../agents/agent.ts";
import type { EnvClient } from "../env/client/client.ts";
import type { Observation, ResetInfo, Verdict } from "../env/contract/index.ts";
import type { NewStep } from "../env/store/store.ts";
import { canonicalJson, rewardsHash, sha256, trajectoryHash, trajectoryLine } from "../env/store/trajectory.ts";
import type { Clock } from "./clock.ts";

/** What an episode is played with. */
export interface EpisodeRequest {
  readonly client: EnvClient;
  readonly agent: Agent;
  readonly context: AgentContext;
  readonly taskId: string;
  readonly seed: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A played episode: the verdict, every step, and the hashes that a replay must meet. */
export interface PlayedEpisode {
  readonly verdict: Verdict;
  readonly info: ResetInfo;
  readonly steps: readonly NewStep[];
  readonly trajectorySha256: string;
  readonly rewardsSha256: string;
  readonly wallMs: number;
}

/**
 * The only episode loop: reset, then ask and step until it ends. Rewards and metrics stay with the harness; the agent
 * is given observations alone.
 * @throws whatever the agent or the client throws; nothing is scored then
 */
export async function playEpisode(request: EpisodeRequest): Promise<PlayedEpisode> {
  const { client, agent, context, taskId, seed, clock, signal } = request;
  const began = clock.monotonic();
  const first = await client.reset({ seed, options: { task_id: taskId, text: false } });
  agent.begin(context);
  const lines = [trajectoryLine({ action: null, observation: first.observation, terminated: false, truncated: false })];
  const steps: NewStep[] = [];
  let observation: Observation = first.observation;
  for (;;) {
    signal.throwIfAborted();
    const turn = await agent.act(observation, signal);
    const action = turn.action ?? "";
    const result = await client.step(action);
    const { terminated, truncated } = result;
    observation = result.observation;
    lines.push(trajectoryLine({ action, observation, terminated, truncated }));
    steps.push(stepRecord(steps.length + 1, turn, observation, result.reward, clock.now()));
    const verdict = result.info.episode;
    if (verdict === undefined || verdict === null) continue;
    return {
      verdict,
      info: first.info,
      steps,
      trajectorySha256: trajectoryHash(lines),
      rewardsSha256: rewardsHash(steps.map(({ reward }) => reward)),
      wallMs: Math.round(clock.monotonic() - began),
    };
  }
}

function stepRecord(step: number, turn: Turn, observation: Observation, reward: number, at: number): NewStep {
  const valid = observation.result.status !== "invalid";
  return {
    step,
    action: turn.action ?? null,
    valid,
    invalidReason: valid ? null : (turn.invalidReason ?? "schema"),
    assist: turn.assist ?? null,
    rawSha256: turn.raw === undefined ? null : sha256(turn.raw),
    extraToolCalls: turn.extraToolCalls ?? 0,
    reward,
    observationSha256: sha256(canonicalJson(observation)),
    at,
  };
}
