import { describe, expect, test } from "vitest";
import type { EnvClient } from "../../../env/client/client.ts";
import { localClient } from "../../../env/client/local.ts";
import { connectSocket } from "../../../env/client/socket.ts";
import { sampleAction } from "../../../env/contract/sample.ts";
import { rngFor } from "../../../env/core/rng.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { startServer } from "../server/fixtures.ts";

/** What an agent does in an episode: random actions, some of them invalid, in every form that is read. */
function* actions(seed: number): Generator {
  const rng = rngFor(seed, "same-episode", 0);
  for (;;) {
    const kind = rng();
    if (kind < 0.06) yield { type: "nonsense", value: rng() };
    else if (kind < 0.1) yield null;
    else if (kind < 0.16) yield "inspect_logs(cache)";
    else if (kind < 0.2) yield { type: "check_status(database)", metadata: { any: [1] } };
    else yield sampleAction(rng);
  }
}

/** A whole episode, one line of JSON per turn. */
async function play(client: EnvClient, seed: number): Promise<string[]> {
  const lines = [JSON.stringify(await client.reset({ seed, options: { split: "all", text: seed % 2 === 0 } }))];
  for (const action of actions(seed)) {
    const turn = await client.step(action); // oxlint-disable-line no-await-in-loop
    lines.push(JSON.stringify([turn.observation, turn.reward, turn.terminated, turn.truncated, turn.info]));
    if (turn.terminated || turn.truncated) break;
  }
  lines.push(JSON.stringify(await client.state()));
  return lines;
}

/** What a client is refused, in a session that does everything wrong. */
async function refusals(client: EnvClient): Promise<string[][]> {
  const reasons: string[][] = [];
  const note = (error: Error & { code: string }) => void reasons.push([error.name, error.code, error.message]);
  await client.step("check_status(cache)").catch(note);
  await client.reset({ options: { task_id: "inc-1" } }).catch(note);
  await client.reset({ seed: 0.5 }).catch(note);
  await client.reset({ seed: 1 });
  await client.step("escalate(me)");
  await client.step("check_status(cache)").catch(note);
  await client.close();
  await client.close();
  await client.state().catch(note);
  return reasons;
}

describe("the same seeds and actions", () => {
  test("give the same bytes in process and over a socket, on used sessions and fresh ones", async () => {
    const { url } = await startServer();
    const near = localClient(coreSuite);
    const far = await connectSocket(url);
    let lengths = 0;
    for (let seed = 0; seed < 25; seed += 1) {
      // oxlint-disable no-await-in-loop
      const lines = await play(near, seed);
      lengths += lines.length;
      const other = seed % 5 === 0 ? await connectSocket(url) : far;
      expect(await play(far, seed)).toEqual(lines);
      expect(await play(other, seed)).toEqual(lines);
      // oxlint-enable no-await-in-loop
    }
    expect(lengths).toBeGreaterThan(100);
    await far.close();
  });

  test("give the same bytes when many play at once", async () => {
    const { url } = await startServer();
    const played = await Promise.all(Array.from({ length: 16 }, async (_, i) => play(await connectSocket(url), i)));
    for (const [seed, lines] of played.entries()) {
      expect(await play(localClient(coreSuite), seed)).toEqual(lines); // oxlint-disable-line no-await-in-loop
    }
  });

  test("are refused alike", async () => {
    const { url } = await startServer();
    const near = await refusals(localClient(coreSuite));
    expect(await refusals(await connectSocket(url))).toEqual(near);
    expect(near.map((reason) => reason.slice(0, 2))).toEqual([
      ["EnvError", "NOT_RESET"],
      ["EnvError", "BAD_OPTION"],
      ["EnvError", "BAD_OPTION"],
      ["EnvError", "EPISODE_DONE"],
      ["ClientError", "CLOSED"],
    ]);
  });
});
