import fc from "fast-check";
import { anySession, count, onSession } from "./histories.ts";
import type { Command, Model, Real } from "./histories.ts";
import type { SessionModel } from "./session-model.ts";

/** What happens to connections, where a session is bound to one: cut, resumed, taken over, too late. */
export const connectionCommands = (): fc.Arbitrary<Command>[] => [...resumeCommands(), anySession.map(expire)];

/** The same on a server that is killed now and then, and keeps its sessions; nobody comes too late. */
export const durableCommands = (): fc.Arbitrary<Command>[] => [
  ...resumeCommands(),
  ...resumeCommands(),
  fc.constant(kill),
  fc.constant(kill),
];

function resumeCommands(): fc.Arbitrary<Command>[] {
  return [
    anySession.map(describe),
    anySession.map(describe),
    anySession.map(drop),
    ...Array.from({ length: 3 }, () => fc.tuple(anySession, fc.boolean()).map(([k, last]) => resume(k, last))),
    anySession.map(takeOver),
    fc.tuple(anySession, fc.nat(9)).map(([k, which]) => intrude(k, which)),
  ];
}

/** Makes a session resumable. */
const describe = (k: number): Command =>
  onSession(k, `describe(${k})`, async (session, door, real) => {
    const { step_count, resume_token, session_id } = await door.describe();
    if (step_count !== session.stepCount)
      throw new Error(`Described at step ${step_count}, is at ${session.stepCount}.`);
    session.heard();
    session.renew(resume_token, session.id === null ? null : session.token);
    session.id = session_id;
    count(real, "describe");
  });

const drop = (k: number): Command =>
  onSession(k, `drop(${k})`, async (session, door, real, all) => {
    session.detachedAt = real.now();
    await door.drop();
    real.doors.delete(k);
    if (session.id === null) all.delete(k);
    count(real, "drop");
  });

/** A dropped session goes on, under its token or, if the reply with that was lost, under the one before. */
const resume = (k: number, withLast: boolean): Command => ({
  check: (model) => isDetached(model.get(k)),
  async run(model, real) {
    const session = model.get(k) as SessionModel;
    const token = (withLast ? session.lastToken : null) ?? session.token;
    const how = token === session.lastToken ? "resume with last" : "resume";
    const isResumed = await goOn(k, session, token, real);
    if (isResumed) count(real, how);
    else if (real.now() - (session.detachedAt as number) < real.surelyThereMs) {
      throw new Error("A session could not be resumed.");
    } else model.delete(k); // it took longer than the session waits
  },
  toString: () => `resume(${k}, ${withLast})`,
});

/** A second connection goes on while the first one is still there, which is then closed. */
const takeOver = (k: number): Command =>
  onSession(k, `takeOver(${k})`, async (session, _door, real) => {
    if (session.id === null) return;
    if (!(await goOn(k, session, session.token, real))) throw new Error("A session could not be taken over.");
    count(real, "take over");
  });

/** Somebody tries a token that is used up, of another session, or none: nothing changes. */
const intrude = (k: number, which: number): Command => ({
  check: (model) => (model.get(k)?.id ?? null) !== null,
  async run(model, real) {
    const session = model.get(k) as SessionModel;
    const others = [...model.values()].filter((one) => one !== session && one.id !== null);
    const tried = [...session.usedTokens, ...others.map(({ token }) => token), "none"];
    const resumed = await real.transport.resume(session.id as string, tried[which % tried.length] as string);
    if (resumed !== null) throw new Error("A wrong token resumed a session.");
    count(real, "intrude");
  },
  toString: () => `intrude(${k}, ${which})`,
});

/** Nobody comes back in time. */
const expire = (k: number): Command => ({
  check: (model) => isDetached(model.get(k)),
  async run(model, real) {
    const { id, token } = model.get(k) as SessionModel;
    await real.expire();
    if ((await real.transport.resume(id as string, token)) !== null) throw new Error("A session outlived its time.");
    for (const [other, session] of model) if (isDetached(session)) model.delete(other);
    count(real, "expire");
  },
  toString: () => `expire(${k})`,
});

/** Sessions that can be resumed wait for their clients in the next server; the others are gone. */
const kill: Command = {
  check: (model) => [...model.values()].some(({ id }) => id !== null),
  async run(model, real) {
    real.transport = await real.kill();
    real.doors.clear();
    for (const [k, session] of model) {
      if (session.id === null) model.delete(k);
      else session.detachedAt = real.now();
    }
    count(real, "kill");
  },
  toString: () => "kill()",
};

/** Resumes a session if that is possible; the token is then used up as soon as its owner is heard of. */
async function goOn(k: number, session: SessionModel, token: string, real: Real): Promise<boolean> {
  const resumed = await real.transport.resume(session.id as string, token);
  if (resumed === null) return false;
  if (token !== session.token) session.usedTokens.push(session.token);
  session.renew(resumed.token, token);
  session.detachedAt = null;
  real.doors.set(k, resumed.door);
  return true;
}

const isDetached = (session: Model extends Map<number, infer One> ? One | undefined : never): boolean =>
  (session?.detachedAt ?? null) !== null;
