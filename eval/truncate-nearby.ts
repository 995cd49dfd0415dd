import type { EnvClient } from "../env/client/client.ts";
import type { StepTurn } from "../env/contract/index.ts";
import { canonicalJson } from "../env/store/canonical.ts";
import type { EpisodeLog } from "./episode-log.ts";

/** What is to be played again, and why it ends there. */
interface Cut {
  readonly taskId: string;
  readonly seed: number;
  readonly log: EpisodeLog;
  readonly reason: string;
}

/**
 * Plays an episode of a remote environment again in this process, up to where it stands, and ends it there: the wire has
 * no word for it. Equal actions give equal episodes, which is checked.
 * @throws Error when the two environments differ
 */
export async function truncatedNearby(client: EnvClient, { taskId, seed, log, reason }: Cut): Promise<StepTurn> {
  try {
    let { observation } = await client.reset({ seed, options: { task_id: taskId, text: false } });
    for (const action of log.actions) ({ observation } = await client.step(action));
    if (canonicalJson(observation) !== canonicalJson(log.observation)) {
      throw new Error("The remote environment plays this incident otherwise than this build; compare their versions.");
    }
    if (client.truncate === undefined) throw new TypeError("The environment nearby cannot cut an episode short.");
    return await client.truncate(reason);
  } finally {
    await client.close();
  }
}
