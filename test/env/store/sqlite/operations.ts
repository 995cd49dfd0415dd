import Database from "better-sqlite3";
import type { Backend } from "../../../../env/store/backend.ts";
import type { Lease } from "../../../../env/store/queue.ts";
import type { Permit } from "../../../../env/store/store.ts";
import { aCall, anOwner, aPlan, aRun, failedEnd, finished, okEnd, someRules, suite } from "../fixtures.ts";

/** One call of a backend. Each waits for nothing but what is stored, so that another process can go on with it. */
export type Operation = (backend: Backend) => Promise<unknown>;

const RUN = "r";
const rules = someRules({ breakerThreshold: 1, breakerPauseMs: 5 });
const plan = aPlan(["random"], ["inc-101", "inc-102", "inc-103", "inc-104", "inc-105"]);
const { slots, ...names } = aPlan(["guest"], ["inc-101", "inc-102"]);
const { episodeId: _none, ...playedEnd } = finished("");

const slotIds = async ({ results }: Backend) => (await results.slots(RUN)).map(({ slotId }) => slotId);
const running = async ({ results }: Backend) => (await results.episodes({ outcomes: ["running"] }))[0]?.episodeId ?? "";
const lease = async (backend: Backend): Promise<Lease> => {
  const [slot] = await backend.results.slots(RUN, "running");
  if (slot === undefined) throw new Error("Expected a slot that is being played.");
  return { slot, episodeId: await running(backend), attempt: slot.attempts, worker: "b" };
};
const claim = ({ jobs }: Backend, worker: string, max: number) => jobs.claim({ runId: RUN, worker, max, at: 50 });
const take = async (backend: Backend, callId: string, at: number, requestNo: number) => {
  const call = aCall(callId, { runId: RUN, episodeId: await running(backend), requestNo });
  return backend.results.takePermit(call, rules, { at, served: [], backoffMs: 0 });
};
const permit = (callId: string, epoch: number, isProbe: boolean): Permit => ({
  status: "permitted",
  callId,
  endpointKey: aCall("").endpointKey,
  epoch,
  isProbe,
  sentAt: 0,
});

/** Everything that a backend can write, once or more, in an order that makes sense. */
export const operations: Readonly<Record<string, Operation>> = {
  "create a run": ({ results }) => results.createRun(aRun(RUN), suite),
  "plan it": ({ results }) => results.plan(RUN, plan),
  "hold it": ({ results }) => results.holdRun(RUN, { owner: anOwner("a"), at: 10, replaces: null }),
  "start it": ({ results }) => results.startRun(RUN, 11),
  "claim two": (backend) => claim(backend, "a", 2),
  "ask for a call": (backend) => take(backend, "1", 60, 1),
  "end it, and the breaker opens": ({ results }) => results.settlePermit(permit("1", 0, false), rules, failedEnd(61)),
  "ask for a probe": (backend) => take(backend, "2", 90, 2),
  "end it, and the breaker closes": ({ results }) => results.settlePermit(permit("2", 1, true), rules, okEnd(91)),
  "ask for one that is lost": (backend) => take(backend, "3", 95, 3),
  "take the run over": ({ results }) => results.holdRun(RUN, { owner: anOwner("b"), at: 99, replaces: "a" }),
  "recover it": ({ results }) => results.recoverRun(RUN, 100),
  "note that": ({ results }) => results.addEvent({ runId: RUN, at: 101, type: "resume", data: {} }),
  "claim again": (backend) => claim(backend, "b", 1),
  "extend the lease": async (backend) => backend.jobs.extend(await lease(backend), 110),
  "commit a result": async (backend) => backend.results.commitEpisode(finished(await running(backend))),
  "claim one more": (backend) => claim(backend, "b", 1),
  "give it back": async (backend) => backend.jobs.release(await lease(backend), 120),
  "claim it anew": (backend) => claim(backend, "b", 1),
  "commit that nothing was measured": async (backend) =>
    backend.results.commitEpisode(finished(await running(backend), { outcome: "provider_error", score: null })),
  "take one by its id": async (backend) => backend.results.startEpisode((await slotIds(backend))[2] ?? "", 125),
  "ask for one more call": (backend) => take(backend, "4", 126, 1),
  "lose it": ({ results }) => results.loseCalls(RUN),
  "commit that it was cut": async (backend) =>
    backend.results.commitEpisode(finished(await running(backend), { outcome: "cancelled", score: null })),
  "reopen that one": async (backend) => backend.results.reopenSlot((await slotIds(backend))[2] ?? ""),
  "play all again": async (backend) => backend.jobs.enqueue(await slotIds(backend)),
  beat: ({ results }) => results.beatRun(RUN, "b", 130),
  "drop a slot": async (backend) => backend.results.dropSlots(RUN, (await slotIds(backend)).slice(-1)),
  "change the order": async (backend) => backend.results.orderSlots(RUN, (await slotIds(backend)).slice(2, 4)),
  "amend the run": ({ results }) => results.amendRun(RUN, { filter: { slots: 4 }, trials: 2, fingerprint: "more" }),
  "record what guests played": ({ results }) =>
    results.recordEpisodes(RUN, { ...names, episodes: slots.map((slot) => ({ slot, startedAt: 1, end: playedEnd })) }),
  "play all once more": async (backend) => backend.jobs.rerun(await slotIds(backend)),
  "stop it": ({ results }) => results.finishRun(RUN, { status: "paused", at: 140 }, "b"),
  "create another": ({ results }) => results.createRun(aRun("s"), suite),
  "delete it": ({ results }) => results.deleteRun("s"),
};

/** All that a file holds, and whether it is sound. */
export function contents(file: string): unknown {
  const db = new Database(file, { readonly: true });
  try {
    const named = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck();
    const tables = named.all().map((name) => [name, db.prepare(`SELECT * FROM ${name} ORDER BY 1, 2`).all()]);
    const sound = [db.pragma("integrity_check", { simple: true }), db.pragma("foreign_key_check")];
    return { sound, tables: Object.fromEntries(tables) as unknown };
  } finally {
    db.close();
  }
}
