import { expect } from "vitest";
import { observationText } from "../env/contract/text.ts";
import { IncidentEnv } from "../env/core/env.ts";
import { act, beginEpisode, firstObservation, truncateEpisode } from "../env/core/episode.ts";
import type { Episode, StepResult } from "../env/core/episode.ts";
import type { Observation } from "../env/core/observation.ts";
import { potential, REWARD_MODES } from "../env/core/reward.ts";
import type { RewardMode } from "../env/core/reward.ts";
import { redCount } from "../env/core/slo.ts";
import { cloneState, restoreState, snapshotState } from "../env/core/snapshot.ts";
import type { State } from "../env/core/state.ts";
import type { Task } from "../env/core/task.ts";
import { tick } from "../env/core/tick.ts";
import { coreSuite } from "../tasks/index.ts";
import { secretIn, unexpectedFields } from "./env/core/visible.ts";
import { suiteOf } from "./helpers.ts";

/**
 * What holds for every task, seed and sequence of actions, sound or not. A law expects; it returns nothing. Sequences
 * may be longer than the episode; one that is shorter is ended by the control plane.
 */
type Law = (task: Task, seed: number, actions: readonly unknown[]) => void;

const GAMMA = 0.99;
const MILLIONTHS = 1_000_000;
const inMillionths = (value: number): number => Math.round(value * MILLIONTHS) + 0;

/** The same task, seed and actions give the same bytes: again, and in an environment that was used before. */
const sameSeedSameTrajectory: Law = (task, seed, actions) => {
  const first = transcript(new IncidentEnv(suiteOf(task)), task, seed, actions);
  expect(transcript(new IncidentEnv(suiteOf(task)), task, seed, actions)).toBe(first);

  const other = coreSuite.tasks.find(({ id }) => id !== task.id) as Task;
  const used = new IncidentEnv({
    ...suiteOf(task),
    tasks: [task, other],
    splits: { train: [task.id, other.id], dev: [], test: [] },
  });
  transcript(used, other, seed + 1, actions.slice(0, 4));
  transcript(used, task, seed + 2, actions.slice(-4));
  used.reset({ seed: seed + 3, options: { task_id: task.id } });
  used.step(actions[0]); // left unfinished
  expect(transcript(used, task, seed, actions)).toBe(first);
};

/** Everything that a reset and its steps give back, as text. */
function transcript(env: IncidentEnv, task: Task, seed: number, actions: readonly unknown[]): string {
  const results: unknown[] = [env.reset({ seed, options: { task_id: task.id } })];
  for (const action of actions) if (env.running) results.push(env.step(action));
  if (env.running) results.push(env.truncate("law"));
  results.push(env.state());
  return JSON.stringify(results);
}

/** An episode that went through JSON in the middle goes on like one that did not. */
const stateSurvivesJson: Law = (task, seed, actions) => {
  const half = Math.floor(actions.length / 2);
  const original = beginEpisode(task, seed, "telescoped", GAMMA);
  playOn(original, actions.slice(0, half));
  if (original.verdict !== null) return;
  const resumed = throughJson(original);
  expect(snapshotState(resumed.state)).toEqual(snapshotState(original.state));
  const rest = actions.slice(half);
  expect(JSON.stringify(playToEnd(resumed, rest))).toBe(JSON.stringify(playToEnd(original, rest)));
  expect(snapshotState(resumed.state)).toEqual(snapshotState(original.state));
};

const copyOf = (state: State): State => restoreState(JSON.parse(JSON.stringify(snapshotState(state))));

function throughJson(episode: Episode): Episode {
  const { instance, state, track } = episode;
  const { twin, ...plainTrack } = track;
  return {
    ...episode,
    state: copyOf(state),
    instance: {
      ...(JSON.parse(JSON.stringify(instance)) as Episode["instance"]),
      memo: { revisions: {}, background: {} },
    },
    track: {
      ...(JSON.parse(JSON.stringify(plainTrack)) as Episode["track"]),
      twin: twin === null ? null : copyOf(twin),
    },
  };
}

/** Simulated time never goes back, and every action takes some. */
const clockNeverGoesBack: Law = (task, seed, actions) => {
  const episode = beginEpisode(task, seed, "telescoped", GAMMA);
  let before = firstObservation(episode);
  expect(before.clock.elapsed_s).toBe(0);
  expect(before.alert.fired_at < before.clock.now).toBe(true);
  for (const { observation } of playToEnd(episode, actions)) {
    expect(observation.clock.elapsed_s).toBeGreaterThan(before.clock.elapsed_s);
    expect(observation.clock.now > before.clock.now).toBe(true);
    before = observation;
  }
};

/** After an invalid action the world is where a world without it is one tick later. */
const invalidChangesNothing: Law = (task, seed, actions) => {
  const episode = beginEpisode(task, seed, "telescoped", GAMMA);
  for (const action of actions) {
    if (episode.verdict !== null) return;
    const untouched = cloneState(episode.state);
    const { changes, looksBeforeChange, seenEver, lookedUp, repeated } = structuredClone(episode.track);
    const left = episode.track.steps;
    const { observation } = act(episode, action);
    if (observation.result.status !== "invalid") continue;
    expect(observation.result.data).toBeNull();
    expect(observation.result.message).not.toBe("");
    expect(episode.track).toMatchObject({ changes, looksBeforeChange, seenEver, lookedUp, repeated, steps: left + 1 });
    if (episode.verdict !== null) return; // it was the last step: judgement let more time pass
    tick(untouched);
    expect(snapshotState(episode.state)).toEqual(snapshotState(untouched));
  }
};

/** However it is paid out, the score is the same; step by step the rewards sum to it exactly; nothing is paid at first. */
const rewardsSumToScore: Law = (task, seed, actions) => {
  const inMode = (mode: RewardMode) => {
    const episode = beginEpisode(task, seed, mode, GAMMA);
    expect(episode.track.potential).toBe(0);
    expect(potential(episode.instance, episode.state, episode.track) + 0).toBe(0);
    const rewards = playToEnd(episode, actions).map(({ reward }) => reward);
    return { rewards, verdict: episode.verdict };
  };
  const [telescoped, sparse, shaped] = REWARD_MODES.map(inMode) as [
    ReturnType<typeof inMode>,
    ...ReturnType<typeof inMode>[],
  ];
  const score = telescoped.verdict?.score as number;
  expect(sparse?.verdict).toEqual(telescoped.verdict);
  expect(shaped?.verdict).toEqual(telescoped.verdict);
  expect(telescoped.rewards.reduce((sum, reward) => sum + inMillionths(reward), 0)).toBe(inMillionths(score));
  expect(sparse?.rewards.map(inMillionths)).toEqual(
    telescoped.rewards.map((_, i, all) => (i === all.length - 1 ? inMillionths(score) : 0)),
  );
  // With Φ = 0 at both ends, shaping adds nothing to the discounted return.
  const weights = telescoped.rewards.map((_, t) => Array.from({ length: t }, () => GAMMA).reduce((a, b) => a * b, 1));
  const discounted = (shaped?.rewards ?? []).reduce((sum, reward, t) => sum + (weights[t] as number) * reward, 0);
  expect(discounted).toBeCloseTo((weights.at(-1) as number) * score, 9);
};

/** The score is in [0, 1], and its parts give exactly the points that make it up. */
const pointsSumToScore: Law = (task, seed, actions) => {
  const episode = beginEpisode(task, seed, "telescoped", GAMMA);
  const last = playToEnd(episode, actions).at(-1) as StepResult;
  const verdict = last.info.episode;
  if (verdict === undefined) throw new Error("An episode ended without a verdict.");
  expect(verdict.score).toBeGreaterThanOrEqual(0);
  expect(verdict.score).toBeLessThanOrEqual(1);
  const points = Object.values(verdict.points).reduce((sum, value) => sum + inMillionths(value), 0);
  expect(points).toBe(inMillionths(verdict.score));
  for (const [part, value] of Object.entries(verdict.parts)) {
    expect([part, value >= 0 && value <= 1]).toEqual([part, true]);
  }
  expect(verdict.slo_red_at_page).toHaveLength(redCount(episode.instance.redAtPage));
};

/** An agent sees what the list allows and nothing that names the answer; hidden labels change no byte of it. */
const observationHidesTruth: Law = (task, seed, actions) => {
  const seen = observationsOf(task, seed, actions);
  const found = seen.flatMap(({ observation, own }) => {
    const visible = [...textsIn(observation), observationText(observation)].join("\n");
    const withoutEcho = own.reduce((rest, part) => rest.replaceAll(part, ""), visible);
    const secret = seed > 99_999 && withoutEcho.includes(`${seed}`) ? `${seed}` : secretIn(withoutEcho);
    return [...unexpectedFields(observation), ...(secret === null ? [] : [`${secret} in ${withoutEcho}`])];
  });
  expect(found).toEqual([]);
  const relabelled = observationsOf(withOtherLabels(task), seed, actions);
  expect(JSON.stringify(relabelled)).toBe(JSON.stringify(seen));
};

interface Seen {
  readonly observation: Observation;
  /** What the agent itself wrote, and may therefore read again. */
  readonly own: readonly string[];
}

function observationsOf(task: Task, seed: number, actions: readonly unknown[]): Seen[] {
  const episode = beginEpisode(task, seed, "telescoped", GAMMA);
  const seen: Seen[] = [{ observation: firstObservation(episode), own: [] }];
  for (const action of actions) {
    if (episode.verdict !== null) break;
    const own = textsIn(action).flatMap((text) => [text, text.slice(0, 60)]);
    seen.push({ observation: act(episode, action).observation, own: own.filter((text) => text.length > 4) });
  }
  return seen;
}

/** The same incident for one who plays it; another for one who judges. */
const withOtherLabels = (task: Task): Task => ({
  ...task,
  source: "another source",
  spec_version: task.spec_version + 1,
  rubric: [3, 3, 3, 2, 1, 1, 1, 1],
  siblings: task.siblings.map((sibling) => ({
    ...sibling,
    diagnosis: [{ service: "none", fault: "no_fault" }],
    accepted: [],
    needed: [
      { kind: "status", service: "cache", shows: "down" },
      { kind: "config", service: "cache", key: "ttl_s" },
    ],
  })),
});

/** Every text in a value, names of fields aside. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

function playOn(episode: Episode, actions: readonly unknown[]): StepResult[] {
  const results: StepResult[] = [];
  for (const action of actions) if (episode.verdict === null) results.push(act(episode, action));
  return results;
}

/** Plays what fits; an episode that is not over then is ended from outside. */
function playToEnd(episode: Episode, actions: readonly unknown[]): StepResult[] {
  const results = playOn(episode, actions);
  return episode.verdict === null ? [...results, truncateEpisode(episode, "law")] : results;
}

/** All laws, by name. */
export const laws = {
  sameSeedSameTrajectory,
  stateSurvivesJson,
  clockNeverGoesBack,
  invalidChangesNothing,
  rewardsSumToScore,
  pointsSumToScore,
  observationHidesTruth,
} as const satisfies Readonly<Record<string, Law>>;
