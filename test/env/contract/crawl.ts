import { sampleAction } from "../../../env/contract/sample.ts";
import type { AgentObservation } from "../../../env/contract/turns.ts";
import { rngFor } from "../../../env/core/rng.ts";
import { Session } from "../../../env/session/session.ts";
import { coreSuite } from "../../../tasks/index.ts";

/** Observations of random episodes over all tasks, valid and invalid actions mixed. */
export function* crawl(episodes: number): Generator<AgentObservation> {
  const session = new Session(coreSuite);
  for (let episode = 0; episode < episodes; episode += 1) {
    const task = coreSuite.tasks[episode % coreSuite.tasks.length];
    yield session.reset({ seed: episode, ...(task === undefined ? {} : { task_id: task.id }) }).observation;
    const rng = rngFor(episode, "crawl", 0);
    for (let over = false; !over;) {
      const turn = session.step(rng() < 0.1 ? { type: "nonsense", n: rng() } : sampleAction(rng));
      over = turn.terminated || turn.truncated;
      yield turn.observation;
    }
  }
}
