import { rngFor } from "../../../env/core/rng.ts";
import { openAction } from "../kit/actions.ts";
import type { Transport } from "../transports/transport.ts";

const STEPS = 12;

/** One and the same episode in a session of its own, as it came. */
export async function fixedEpisode(transport: Transport): Promise<string> {
  const door = await transport.open();
  const rng = rngFor(1, "fixed episode", 0);
  const replies = [await door.reset({ seed: 20, split: "all" })];
  for (let step = 0; step < STEPS; step += 1) replies.push(await door.step(openAction(rng))); // oxlint-disable-line no-await-in-loop
  replies.push(await door.step({ type: "escalate", reason: "enough" }));
  await door.close();
  // Ids of sessions differ; they are in heads of answers alone.
  return JSON.stringify(replies.map(({ refused, data }) => [refused, data]));
}
