import { expect, test } from "vitest";
import { localClient } from "../../env/client/local.ts";
import { sampleAction } from "../../env/contract/sample.ts";
import { rngFor } from "../../env/core/rng.ts";
import { rewardsHash, trajectoryHash, trajectoryLine } from "../../env/store/trajectory.ts";
import { coreSuite } from "../../tasks/index.ts";
import { startServer } from "../env/server/fixtures.ts";
import type { Reply } from "../env/server/fixtures.ts";
import { open, openVector, readBatch, reset, step } from "../env/vector/vector-socket.ts";
import type { VectorSocket } from "../env/vector/vector-socket.ts";

const EPISODES = 30;
const options = { num_envs: 1, split: "all", autoreset: "disabled" };

/** What is left of an episode: its trajectory's hash where observations can be read, and that of its rewards. */
interface Left {
  readonly trajectory: string | null;
  readonly rewards: string;
  readonly end: readonly [terminated: boolean, truncated: boolean];
}

/** What a door gives for a reset or an action; the observation is null where it is numbers alone. */
interface Seen {
  readonly observation: object | null;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
}

type Play = (action: unknown) => Promise<Seen>;

/** Plays an episode of random actions, some of them invalid. Rewards are compared in single precision, as batches are. */
async function played(first: object | null, seed: number, play: Play): Promise<Left> {
  const rng = rngFor(seed, "vector-doors", 0);
  const lines = [trajectoryLine({ action: null, observation: first ?? {}, terminated: false, truncated: false })];
  const rewards: number[] = [];
  for (;;) {
    const action = rng() < 0.15 ? { type: "nonsense", value: rng() } : sampleAction(rng);
    const { observation, reward, terminated, truncated } = await play(action); // oxlint-disable-line no-await-in-loop
    lines.push(trajectoryLine({ action, observation: observation ?? {}, terminated, truncated }));
    rewards.push(Math.fround(reward));
    if (!terminated && !truncated) continue;
    const trajectory = observation === null ? null : trajectoryHash(lines);
    return { trajectory, rewards: rewardsHash(rewards), end: [terminated, truncated] };
  }
}

/** An observation without the metadata that travels inside it. */
const shown = ({ metadata: _metadata, ...observation }: Reply): object => observation;

/** A connection that plays one episode after another; requests are numbered throughout. */
function vectorDoor(socket: VectorSocket, seenIn: (reply: Reply) => Seen): (seed: number) => Promise<Left> {
  let seq = 0;
  return async (seed) => {
    const first = seenIn(await socket.ask(reset((seq += 1), { seed })));
    return played(first.observation, seed, async (action) => seenIn(await socket.ask(step((seq += 1), [action]))));
  };
}

const seenInJson = ({ data }: Reply): Seen => ({
  observation: shown(data.observations[0]),
  reward: data.rewards[0],
  terminated: data.terminated[0],
  truncated: data.truncated[0],
});

function seenInBinary(reply: Buffer): Seen {
  const { rewards, terminated, truncated } = readBatch(reply).batch;
  return {
    observation: null,
    reward: rewards[0] as number,
    terminated: terminated[0] === 1,
    truncated: truncated[0] === 1,
  };
}

test("episodes through /vector, in JSON and in binary, have the hashes that they have in process", async () => {
  const { url } = await startServer();
  const [json, binary] = [await openVector(url), await openVector(url)];
  await json.ask(open({ ...options, observation: "full" }));
  await binary.ask(open({ ...options, format: "binary" }));
  const [overJson, inBinary] = [vectorDoor(json, seenInJson), vectorDoor(binary, seenInBinary)];
  const near = localClient(coreSuite);
  for (let seed = 0; seed < EPISODES; seed += 1) {
    // oxlint-disable no-await-in-loop
    const { observation } = await near.reset({ seed, options: { split: "all" } });
    const expected = await played(observation, seed, (action) => near.step(action));
    expect(await overJson(seed)).toEqual(expected);
    expect(await inBinary(seed)).toEqual({ ...expected, trajectory: null });
    // oxlint-enable no-await-in-loop
  }
});
