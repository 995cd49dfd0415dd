import fc from "fast-check";
import { shownIn } from "../transports/transport.ts";
import type { Door, Reply, Transport } from "../transports/transport.ts";
import type { Expected, SessionModel } from "./session-model.ts";

/** One of the three sessions that a history plays with; mostly the first, so that something happens to it. */
export const anySession = fc.constantFrom(0, 0, 0, 0, 1, 1, 2);

/** What should be: the sessions that are there, by number. */
export type Model = Map<number, SessionModel>;

/** What is. */
export interface Real {
  transport: Transport;
  readonly doors: Map<number, Door>;
  /** Lets the time pass after which a session without its client is over. */
  readonly expire: () => Promise<void>;
  /** Kills a server that keeps resumable sessions, starts it again, and returns the way in. */
  readonly kill: () => Promise<Transport>;
  /** For how long such a session is surely still there, in milliseconds on the clock of `now`. */
  readonly surelyThereMs: number;
  readonly now: () => number;
  /** How often each thing happened. */
  readonly seen: Map<string, number>;
}

export type Command = fc.AsyncCommand<Model, Real>;

type Act = (session: SessionModel, door: Door, real: Real, all: Model) => Promise<void>;

/** A command on a session whose client is connected. */
export const onSession = (k: number, name: string, act: Act): Command => ({
  check: (model) => model.get(k)?.detachedAt === null,
  run: (model, real) => act(model.get(k) as SessionModel, real.doors.get(k) as Door, real, model),
  toString: () => name,
});

/** Counts what happened, and fails when it is not what should have: refused alike, and the same bytes. */
export function agree(expected: Expected, reply: Reply, real: Real, what: string): void {
  count(real, expected.refused === null ? what : `${what}: ${expected.refused}`);
  const should = told(expected, real);
  const is = told(reply, real);
  if (should !== is) throw new Error(`Expected ${cut(should)}, got ${cut(is)}.`);
}

/** What a client is told of a reply; over MCP that is what an agent sees. */
function told({ refused, data }: Expected | Reply, { transport }: Real): string {
  if (refused !== null) return transport.hasControl ? refused : "refused";
  if (transport.hasControl) return JSON.stringify(data);
  const isReset = (data as { reward?: unknown } | null)?.reward === null;
  return isReset ? "null" : String(shownIn({ raw: "", refused: null, data }));
}

const cut = (text: string): string => text.slice(0, 300);

export function count({ seen }: Real, what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1);
}
