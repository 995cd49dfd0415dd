import { resetBody, stepBody } from "../../../env/contract/http.ts";
import { rngFor } from "../../../env/core/rng.ts";
import { Session } from "../../../env/session/session.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { anyAction } from "./actions.ts";

/** What a client on `/ws` says, and the bytes that it must be answered with. */
export interface Exchange {
  readonly frame: string;
  readonly reply: string;
  /** Of the episode; no other session at this time has the same. */
  readonly incident: string;
  /** Whether the reply says that the episode is over: from then on its result is the server's to keep. */
  readonly ends: boolean;
}

/** More episodes than any client plays, so that no two sessions of a run ever play the same. */
const MOST_EPISODES = 100_000;
const MOST_CLIENTS = 10_000;

/**
 * Whole episodes of one client, without end: reset, steps until it is over, state. A twin in this process plays along
 * and says what the replies must be.
 * @param seed below 2^31
 * @param client its number, below 10,000
 */
export function* exchanges(seed: number, client: number): Generator<Exchange, never> {
  const twin = new Session(coreSuite);
  for (let episode = 0; ; episode += 1) {
    const options = { seed: ((seed % 1000) * MOST_CLIENTS + client) * MOST_EPISODES + episode, split: "all" };
    const first = resetBody(twin.reset(options));
    const incident = first.observation.incident_id;
    const exchange = (request: object, data: object, type: string, ends = false): Exchange => ({
      frame: JSON.stringify(request),
      reply: JSON.stringify({ type, data }),
      incident,
      ends,
    });
    yield exchange({ type: "reset", data: options }, first, "observation");
    const rng = rngFor(seed, `client ${client}`, episode);
    for (let isOver = false; !isOver;) {
      const action = anyAction(rng);
      const body = stepBody(twin.step(action));
      isOver = body.done;
      yield exchange({ type: "step", data: action }, body, "observation", isOver);
    }
    yield exchange({ type: "state" }, twin.state(), "state");
  }
}
