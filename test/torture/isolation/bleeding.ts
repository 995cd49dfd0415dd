import { sampleAction } from "../../../env/contract/sample.ts";
import { rngFor } from "../../../env/core/rng.ts";
import { shownIn } from "../transports/transport.ts";
import type { Door, Reply, Transport } from "../transports/transport.ts";

/** Episodes that a session has had before it is compared with a fresh one. */
const EPISODES = 50;

/** What one episode is: its options, and actions until it is over. */
interface Script {
  readonly options: object;
  readonly actions: readonly unknown[];
}

/** Episodes longer than any budget, so that each ends by itself. */
const LONGEST = 30;

/**
 * Pairs of episodes played alternately, step by step, in two sessions of one transport, against each played alone.
 * @param alone where the expected episodes are played
 * @returns how many replies differ
 */
export async function interleaved(alone: Transport, through: Transport, pairs: number, seed: number): Promise<number> {
  let differing = 0;
  const doors = [await through.open(), await through.open()] as const;
  const single = await alone.open();
  for (let pair = 0; pair < pairs; pair += 1) {
    // oxlint-disable no-await-in-loop
    const scripts = [script(seed, 2 * pair), script(seed, 2 * pair + 1)] as const;
    const expected = [await play(single, scripts[0]), await play(single, scripts[1])] as const;
    const turns = [turnsOf(doors[0], scripts[0]), turnsOf(doors[1], scripts[1])] as const;
    const seen: Reply[][] = [[], []];
    for (let playing = [0, 1]; playing.length > 0;) {
      const results = await Promise.all(playing.map((i) => (turns[i] as AsyncGenerator<Reply>).next()));
      results.forEach(({ value, done }, k) => done !== true && seen[playing[k] as number]?.push(value));
      playing = playing.filter((_, k) => results[k]?.done !== true);
    }
    // oxlint-enable no-await-in-loop
    differing += differences(through, expected[0], seen[0] ?? []) + differences(through, expected[1], seen[1] ?? []);
  }
  await Promise.all([...doors, single].map((door) => door.close()));
  return differing;
}

/** The same episode as the first of a fresh session and as the 1st to 50th of one that had others before. */
export async function reused(alone: Transport, through: Transport, seed: number): Promise<number> {
  const last = await through.open();
  let differing = 0;
  for (let episode = 0; episode < EPISODES; episode += 1) {
    // oxlint-disable no-await-in-loop
    const fresh = await alone.open();
    differing += differences(
      through,
      await play(fresh, script(seed, episode)),
      await play(last, script(seed, episode)),
    );
    await fresh.close();
    // oxlint-enable no-await-in-loop
  }
  await last.close();
  return differing;
}

function script(seed: number, number: number): Script {
  const rng = rngFor(seed, "isolation", number);
  return {
    options: { seed: 1000 * (seed % 1000) + number, split: "all" },
    actions: Array.from({ length: LONGEST }, () => sampleAction(rng)),
  };
}

async function play(door: Door, wanted: Script): Promise<Reply[]> {
  const replies: Reply[] = [];
  for await (const reply of turnsOf(door, wanted)) replies.push(reply);
  return replies;
}

/** One episode, turn by turn: ends with the refusal of the first action after its end. */
async function* turnsOf(door: Door, { options, actions }: Script): AsyncGenerator<Reply, void> {
  yield await door.reset(options);
  for (const action of actions) {
    const reply = await door.step(action); // oxlint-disable-line no-await-in-loop
    yield reply;
    if (reply.refused !== null) return;
  }
}

/** Replies that are not as they were alone, in what the agent sees and, where the transport tells, in what it does not. */
function differences(through: Transport, expected: readonly Reply[], seen: readonly Reply[]): number {
  const told = ({ refused, ...reply }: Reply, i: number): string => {
    if (refused !== null) return refused;
    if (through.hasControl) return JSON.stringify(reply.data);
    return i === 0 ? "" : (shownIn({ refused, ...reply }) ?? ""); // such a session does not show its first observation
  };
  const count = Math.max(expected.length, seen.length);
  return Array.from({ length: count }, (_, i) => i).filter((i) => {
    const [one, other] = [expected[i], seen[i]];
    return one === undefined || other === undefined || told(one, i) !== told(other, i);
  }).length;
}
