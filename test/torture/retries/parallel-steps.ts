import { resetBody, stepBody } from "../../../env/contract/http.ts";
import { rngFor } from "../../../env/core/rng.ts";
import { Session } from "../../../env/session/session.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { openAction } from "../kit/actions.ts";
import { shownIn } from "../transports/transport.ts";
import type { Reply, Transport } from "../transports/transport.ts";

const AT_ONCE = 8;

/**
 * Rounds of eight different steps at the same time, all of them for the same position of the episode: one is carried
 * out, the others are refused, and the episode goes on as if the others had never been.
 * @returns rounds in which it was otherwise
 */
export async function parallelSteps(transport: Transport, rounds: number, seed: number): Promise<number> {
  const door = await transport.open();
  const twin = new Session(coreSuite);
  let wrong = 0;
  let isOver = true;
  for (let round = 0; round < rounds; round += 1) {
    // oxlint-disable no-await-in-loop
    if (isOver) {
      const options = { seed: round, split: "all" };
      await door.reset(options);
      resetBody(twin.reset(options));
    }
    const rng = rngFor(seed, "parallel", round);
    const actions = Array.from({ length: AT_ONCE }, () => openAction(rng));
    const expectedStep = twin.stepCount;
    const replies = await Promise.all(actions.map((action) => door.step(action, { expectedStep })));
    const winners = replies.flatMap(({ refused }, i) => (refused === null ? [i] : []));
    const conflicts = replies.filter(({ refused }) => refused === "STEP_CONFLICT").length;
    const [winner = 0] = winners;
    const body = stepBody(twin.step(actions[winner]));
    isOver = body.done;
    const isSame = sameAs(body, replies[winner] as Reply, transport);
    const state = await door.state();
    const isThere = !transport.hasControl || JSON.stringify(state.data) === JSON.stringify(twin.state());
    if (winners.length !== 1 || conflicts !== AT_ONCE - 1 || !isSame || !isThere) wrong += 1;
    // oxlint-enable no-await-in-loop
  }
  await door.close();
  return wrong;
}

/** Whether a reply says what the twin says, as far as the transport tells. */
export function sameAs(body: object, reply: Reply, { hasControl }: Transport): boolean {
  if (hasControl) return JSON.stringify(reply.data) === JSON.stringify(body);
  return shownIn(reply) === shownIn({ raw: "", refused: null, data: body as Readonly<Record<string, unknown>> });
}
