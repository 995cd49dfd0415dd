import { describe, expect, test } from "vitest";
import type { EnvClient } from "../../env/client/client.ts";
import { localClient } from "../../env/client/local.ts";
import { connectSocket } from "../../env/client/socket.ts";
import { sampleAction } from "../../env/contract/sample.ts";
import { rngFor } from "../../env/core/rng.ts";
import { rewardsHash, trajectoryHash, trajectoryLine } from "../../env/store/trajectory.ts";
import { coreSuite } from "../../tasks/index.ts";
import { call, startServer } from "../env/server/fixtures.ts";
import type { Reply } from "../env/server/fixtures.ts";

/** What an episode is played through: seed in, first observation out; then action in, what followed out. */
interface Door {
  reset(seed: number): Promise<object>;
  step(action: unknown): Promise<{ observation: object; reward: number; terminated: boolean; truncated: boolean }>;
}

const options = { split: "all", text: false } as const;

const through = (client: EnvClient): Door => ({
  reset: async (seed) => (await client.reset({ seed, options })).observation,
  step: (action) => client.step(action),
});

/** An observation without the metadata that travels inside it. */
const shown = ({ observation: { metadata: _metadata, ...observation } }: Reply): object => observation;

async function overHttp(url: string): Promise<Door> {
  const { headers } = await call(`${url}/reset`, "POST", {}, { "x-session-id": "new" });
  const id = { "x-session-id": headers.get("x-session-id") ?? "" };
  return {
    reset: async (seed) => shown((await call(`${url}/reset`, "POST", { seed, ...options }, id)).body),
    async step(action) {
      const { body } = await call(`${url}/step`, "POST", { action }, id);
      const { terminated, truncated } = body.metadata;
      return { observation: shown(body), reward: body.reward, terminated, truncated };
    },
  };
}

/** The hashes of an episode of random actions, some of them invalid. */
async function hashes(door: Door, seed: number): Promise<string[]> {
  const rng = rngFor(seed, "every-door", 0);
  const first = { action: null, observation: await door.reset(seed), terminated: false, truncated: false };
  const lines = [trajectoryLine(first)];
  const rewards: number[] = [];
  for (;;) {
    const action = rng() < 0.15 ? { type: "nonsense", value: rng() } : sampleAction(rng);
    const { observation, reward, terminated, truncated } = await door.step(action); // oxlint-disable-line no-await-in-loop
    lines.push(trajectoryLine({ action, observation, terminated, truncated }));
    rewards.push(reward);
    if (terminated || truncated) return [trajectoryHash(lines), rewardsHash(rewards)];
  }
}

describe("the same episodes through every door", () => {
  test("have the same hashes", async () => {
    const { url } = await startServer();
    const doors = [
      through(await connectSocket(url)),
      through(await connectSocket(url, { resumable: true })),
      await overHttp(url),
    ];
    const near = through(localClient(coreSuite));
    for (let seed = 0; seed < 30; seed += 1) {
      const expected = await hashes(near, seed); // oxlint-disable-line no-await-in-loop
      const found = await Promise.all(doors.map((door) => hashes(door, seed))); // oxlint-disable-line no-await-in-loop
      expect(found).toEqual(doors.map(() => expected));
    }
  });
});
