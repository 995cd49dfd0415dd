import { resetBody, stepBody } from "../../../env/contract/http.ts";
import { pick, rngFor } from "../../../env/core/rng.ts";
import type { Rng } from "../../../env/core/rng.ts";
import { Session } from "../../../env/session/session.ts";
import type { RequestKeys } from "../../../env/session/requests.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { openAction } from "../kit/actions.ts";
import type { Door, Reply, Transport } from "../transports/transport.ts";
import { sameAs } from "./parallel-steps.ts";

/** Shares of what happens to a request on its way; the rest arrive once and are answered. */
const LOST = 0.1;
const REPLY_LOST = 0.2;
const TWICE = 0.3;
/** Share of requests beside which an old one arrives late. */
const LATE = 0.1;

interface Sent {
  readonly action: unknown;
  readonly keys: RequestKeys;
}

/**
 * Steps over a network that loses requests and replies, delivers some twice, and others late. The client sends again
 * until it is answered; each step is carried out once.
 * @returns steps whose reply is not that of a network without faults
 */
export async function lossySteps(transport: Transport, steps: number, seed: number): Promise<number> {
  const door = await transport.open();
  const twin = new Session(coreSuite);
  const old: Sent[] = [];
  let wrong = 0;
  let isOver = true;
  for (let i = 0; i < steps; i += 1) {
    // oxlint-disable no-await-in-loop
    const rng = rngFor(seed, "lossy", i);
    if (isOver) {
      const options = { seed: i, split: "all" };
      await door.reset(options);
      resetBody(twin.reset(options));
      old.length = 0;
    }
    const sent: Sent = { action: openAction(rng), keys: { requestId: `step ${i}`, expectedStep: twin.stepCount } };
    const late = rng() < LATE && old.length > 0 ? pick(rng, old) : null;
    const reply = await untilAnswered(door, sent, rng);
    const body = stepBody(twin.step(sent.action));
    isOver = body.done;
    if (reply === null || !sameAs(body, reply, transport)) wrong += 1;
    if (late !== null && (await door.step(late.action, late.keys)).refused === null) wrong += 1;
    old.push(sent);
    // oxlint-enable no-await-in-loop
  }
  await door.close();
  return wrong;
}

/** Null when the same request was answered in two ways. */
async function untilAnswered(door: Door, { action, keys }: Sent, rng: Rng): Promise<Reply | null> {
  const send = (): Promise<Reply> => door.step(action, keys);
  for (;;) {
    // oxlint-disable no-await-in-loop
    const fate = rng();
    if (fate < LOST) continue;
    if (fate < REPLY_LOST) await send();
    else if (fate < TWICE) {
      const [one, other] = await Promise.all([send(), send()]);
      return one.raw === other.raw ? one : null;
    } else return send();
    // oxlint-enable no-await-in-loop
  }
}
