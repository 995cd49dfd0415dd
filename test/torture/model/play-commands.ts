import fc from "fast-check";
import { sampleAction } from "../../../env/contract/sample.ts";
import { rngFor } from "../../../env/core/rng.ts";
import { anyAction, openAction } from "../kit/actions.ts";
import type { Transport } from "../transports/transport.ts";
import { agree, anySession, count, onSession } from "./histories.ts";
import type { Command } from "./histories.ts";
import { SessionModel } from "./session-model.ts";

/** What clients play, right and wrong, on several sessions: over every transport. */
export function playCommands(transport: Transport): fc.Arbitrary<Command>[] {
  const seed = fc.nat(1_000_000);
  const action = seed.map((number) => actionFor(transport, number));
  return [
    ...Array.from({ length: 5 }, () => fc.tuple(anySession, seed).map(([k, s]) => open(k, s))),
    ...Array.from({ length: 3 }, () =>
      fc.tuple(anySession, seed, fc.boolean()).map(([k, s, named]) => reset(k, { seed: s, split: "all" }, named)),
    ),
    fc.tuple(anySession, fc.constantFrom(...NO_OPTIONS)).map(([k, options]) => reset(k, options, false)),
    ...Array.from({ length: 6 }, () => fc.tuple(anySession, action).map(([k, one]) => step(k, one))),
    fc.tuple(anySession, fc.constantFrom(...NO_ACTIONS)).map(([k, one]) => step(k, one)),
    fc.tuple(anySession, action).map(([k, one]) => repeatedStep(k, one)),
    fc.tuple(anySession, action).map(([k, one]) => renamedStep(k, one)),
    fc.tuple(anySession, action).map(([k, one]) => staleStep(k, one)),
    anySession.map(state),
    anySession.map(close),
  ];
}

/** Invalid actions that every transport can carry. */
const NO_ACTIONS = [
  { type: "inspect_logs", service: "moon" },
  { type: "restart_service" },
  { type: "update_config", service: "cache", key: "ttl_s", value: -1 },
  { type: "escalate", reason: "" },
];
const NO_OPTIONS = [{ task_id: "inc-1" }, { seed: -1 }, { split: "none" }, { index: 10_000 }, { text: "yes" }];

/** Over MCP an action is a tool of that name: text and nonsense have no place there. */
function actionFor({ hasControl }: Transport, seed: number): unknown {
  const rng = rngFor(seed, "model", 0);
  if (hasControl) return anyAction(rng);
  return rng() < 0.9 ? openAction(rng) : sampleAction(rng);
}

/** Where sessions are not bound to a connection, they begin with a reset. */
const open = (k: number, seed: number): Command => ({
  check: (model) => !model.has(k),
  async run(model, real) {
    const door = await real.transport.open();
    const session = new SessionModel();
    real.doors.set(k, door);
    model.set(k, session);
    count(real, "open");
    if (!real.transport.isConnected) agree(session.reset({ seed }, {}), await door.reset({ seed }), real, "reset");
  },
  toString: () => `open(${k}, ${seed})`,
});

/** Over MCP it opens another session instead. */
const reset = (k: number, options: object, isNamed: boolean): Command =>
  onSession(k, `reset(${k}, ${JSON.stringify(options)}, ${isNamed})`, async (session, door, real, all) => {
    const keys = isNamed && real.transport.hasControl ? { requestId: `reset ${JSON.stringify(options)}` } : {};
    const anew = real.transport.hasControl ? session : new SessionModel();
    const expected = anew.reset(options, keys);
    agree(expected, await door.reset(options, keys), real, "reset");
    if (real.transport.hasControl || expected.refused === null) all.set(k, anew);
    else {
      all.delete(k);
      real.doors.delete(k);
    }
  });

const step = (k: number, action: unknown): Command =>
  onSession(k, `step(${k}, ${JSON.stringify(action)})`, async (session, door, real) => {
    agree(session.step(action, {}), await door.step(action), real, "step");
  });

/** The same request twice: the second moves nothing and is answered in the same bytes. */
const repeatedStep = (k: number, action: unknown): Command =>
  onSession(k, `repeatedStep(${k}, ${JSON.stringify(action)})`, async (session, door, real) => {
    const keys = { requestId: `step ${session.stepCount}`, expectedStep: session.stepCount };
    const first = await door.step(action, keys);
    agree(session.step(action, keys), first, real, "named step");
    const second = await door.step(action, keys);
    agree(session.step(action, keys), second, real, "repeated step");
    if (first.refused === null && first.raw !== second.raw) throw new Error("A repeated request has other bytes.");
  });

/** Another request under the name of the last one. */
const renamedStep = (k: number, action: unknown): Command =>
  onSession(k, `renamedStep(${k}, ${JSON.stringify(action)})`, async (session, door, real) => {
    const keys = { requestId: "the same" };
    agree(session.step(action, keys), await door.step(action, keys), real, "named step");
    const other = { type: "check_status", service: "message_queue", metadata: {} };
    agree(session.step(other, keys), await door.step(other, keys), real, "renamed step");
  });

const staleStep = (k: number, action: unknown): Command =>
  onSession(k, `staleStep(${k}, ${JSON.stringify(action)})`, async (session, door, real) => {
    const keys = { expectedStep: session.stepCount + 1 };
    agree(session.step(action, keys), await door.step(action, keys), real, "stale step");
  });

const state = (k: number): Command =>
  onSession(k, `state(${k})`, async (session, door, real) => {
    if (real.transport.hasControl) agree(session.state(), await door.state(), real, "state");
  });

/** Afterwards nothing is left to play in, wherever it can still be asked for. */
const close = (k: number): Command =>
  onSession(k, `close(${k})`, async (_session, door, real, all) => {
    await door.close();
    all.delete(k);
    real.doors.delete(k);
    count(real, "close");
    if (real.transport.isConnected) return;
    const { refused } = await door.step({ type: "check_status", service: "cache" });
    if (refused === null) throw new Error("A closed session was played in.");
  });
