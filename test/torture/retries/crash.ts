import { join } from "node:path";
import { stepBody } from "../../../env/contract/http.ts";
import { rngFor, wholeNumber } from "../../../env/core/rng.ts";
import { Session } from "../../../env/session/session.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { openAction } from "../kit/actions.ts";
import { inParallel } from "../kit/parallel.ts";
import { scratchFolder } from "../kit/scratch.ts";
import { startServer } from "../kit/server-process.ts";
import type { Descriptor, Door, Reply } from "../transports/transport.ts";
import { ws } from "../transports/ws.ts";

/** What became of the sessions of a server that keeps them, once it was killed and started again. */
export interface CrashFindings {
  readonly resumed: number;
  /** Sessions whose episode was elsewhere than it had been, or whose last request was not answered as before. */
  readonly differing: number;
  /** Tokens that were accepted a second time. */
  readonly acceptedTwice: number;
}

const AT_ONCE = 50;
/** Below the budget of the easiest incident. */
const MOST_STEPS = 10;

/** Kills a durable server in the middle of episodes; each goes on in the next one, from its log of actions. */
export async function crashAndResume(sessions: number, seed: number): Promise<CrashFindings> {
  const flags = { durable: join(scratchFolder(), "sessions.db") };
  const killed = await startServer({ flags });
  const players = await Promise.all(Array.from({ length: sessions }, (_, i) => Player.begin(killed.url, seed, i)));
  killed.signal("SIGKILL");
  await killed.exit;

  const next = await startServer({ flags });
  const transport = ws(next.url);
  let resumed = 0;
  let differing = 0;
  let acceptedTwice = 0;
  await inParallel(AT_ONCE, sessions, async (i) => {
    const player = players[i] as Player;
    const { session_id, resume_token } = player.descriptor;
    const back = await transport.resume(session_id, resume_token);
    if (back === null) return;
    resumed += 1;
    if (!(await player.isSameIn(back.door))) differing += 1;
    if ((await transport.resume(session_id, resume_token)) !== null) acceptedTwice += 1;
    await back.door.close();
  });
  await next.stop();
  return { resumed, differing, acceptedTwice };
}

interface LastRequest {
  readonly action: unknown;
  readonly requestId: string;
  readonly reply: Reply;
}

/** A client in the middle of an episode, and the twin that knows how it goes on. */
class Player {
  readonly descriptor: Descriptor;
  readonly #twin: Session;
  readonly #last: LastRequest;

  static async begin(url: string, seed: number, number: number): Promise<Player> {
    const door = await ws(url).open();
    const descriptor = await door.describe();
    const twin = new Session(coreSuite);
    const options = { seed: number, split: "all" };
    await door.reset(options);
    twin.reset(options);
    const rng = rngFor(seed, "crash", number);
    for (let left = wholeNumber(rng, 0, MOST_STEPS - 1); left > 0; left -= 1) {
      const action = openAction(rng);
      await door.step(action); // oxlint-disable-line no-await-in-loop
      twin.step(action);
    }
    const last = { action: openAction(rng), requestId: "the last one" };
    const reply = await door.step(last.action, { requestId: last.requestId });
    twin.step(last.action);
    return new Player(descriptor, twin, { ...last, reply });
  }

  private constructor(descriptor: Descriptor, twin: Session, last: LastRequest) {
    this.descriptor = descriptor;
    this.#twin = twin;
    this.#last = last;
  }

  /** The last request, asked again, moves nothing; the state is where it was; the next step is the twin's. */
  async isSameIn(door: Door): Promise<boolean> {
    const { action, requestId, reply } = this.#last;
    const again = await door.step(action, { requestId });
    const state = await door.state();
    const isThere = JSON.stringify(state.data) === JSON.stringify(this.#twin.state());
    const next = await door.step("check_status(cache)");
    const expected = JSON.stringify(stepBody(this.#twin.step("check_status(cache)")));
    return again.raw === reply.raw && isThere && JSON.stringify(next.data) === expected;
  }
}
