import { StoreError } from "./errors.ts";
import type { JobQueue } from "./queue.ts";
import type { ResultStore } from "./store.ts";

/** Results, and the slots that are to be played: two views of one database. */
export interface Backend {
  readonly results: ResultStore;
  readonly jobs: JobQueue;
  /** Closes both, as does `results.close`. */
  close(): Promise<void>;
}

/** A backend within this process: the methods of both, each done when it returns, throwing what they reject with. */
export type Engine = Immediate<Omit<ResultStore, "health" | "close">> & Immediate<JobQueue>;

type Immediate<Methods> = {
  readonly [Name in keyof Methods]: Methods[Name] extends (...parameters: infer Given) => Promise<infer Result>
    ? (...parameters: Given) => Result
    : never;
};

export interface EngineLife {
  /** Called once. */
  readonly close: () => void;
  /** What the engine throws as what the store rejects with. */
  readonly translate: (error: unknown) => unknown;
}

/** An engine behind the asynchronous interfaces, with the parts that are the same for all: health and closing. */
export function asBackend(engine: Engine, { close, translate }: EngineLife): Backend {
  let isOpen = true;
  let failedWrite: string | null = null;

  const read = async <Result>(body: () => Result): Promise<Result> => {
    if (!isOpen) throw new StoreError("CLOSED", "The call came too late.");
    try {
      return body();
    } catch (error) {
      throw translate(error);
    }
  };
  const write = async <Result>(body: () => Result): Promise<Result> => {
    try {
      const result = await read(body);
      failedWrite = null;
      return result;
    } catch (error) {
      if (error instanceof StoreError && error.code === "NOT_SAVED") failedWrite = error.message;
      throw error;
    }
  };

  const results: ResultStore = {
    createRun: (run, suite) => write(() => engine.createRun(run, suite)),
    startRun: (runId, at) => write(() => engine.startRun(runId, at)),
    finishRun: (runId, stop, token) => write(() => engine.finishRun(runId, stop, token)),
    holdRun: (runId, claim) => write(() => engine.holdRun(runId, claim)),
    beatRun: (runId, token, at) => write(() => engine.beatRun(runId, token, at)),
    recoverRun: (runId, at) => write(() => engine.recoverRun(runId, at)),
    amendRun: (runId, amendment) => write(() => engine.amendRun(runId, amendment)),
    dropSlots: (runId, slotIds) => write(() => engine.dropSlots(runId, slotIds)),
    orderSlots: (runId, slotIds) => write(() => engine.orderSlots(runId, slotIds)),
    plan: (runId, plan) => write(() => engine.plan(runId, plan)),
    startEpisode: (slotId, at) => write(() => engine.startEpisode(slotId, at)),
    commitEpisode: (episode) => write(() => engine.commitEpisode(episode)),
    reopenSlot: (slotId) => write(() => engine.reopenSlot(slotId)),
    recordEpisodes: (runId, played) => write(() => engine.recordEpisodes(runId, played)),
    addEvent: (event) => write(() => engine.addEvent(event)),
    takePermit: (call, rules, moment) => write(() => engine.takePermit(call, rules, moment)),
    settlePermit: (permit, rules, callEnd) => write(() => engine.settlePermit(permit, rules, callEnd)),
    loseCalls: (runId) => write(() => engine.loseCalls(runId)),
    deleteRun: (runId) => write(() => engine.deleteRun(runId)),
    runs: () => read(() => engine.runs()),
    run: (runId) => read(() => engine.run(runId)),
    latestRun: () => read(() => engine.latestRun()),
    suite: (suite, version) => read(() => engine.suite(suite, version)),
    variants: (runId) => read(() => engine.variants(runId)),
    taskSpecs: (runId) => read(() => engine.taskSpecs(runId)),
    slots: (runId, state) => read(() => engine.slots(runId, state)),
    episodes: (filter) => read(() => engine.episodes(filter)),
    steps: (episodeId) => read(() => engine.steps(episodeId)),
    events: (runId) => read(() => engine.events(runId)),
    calls: (filter) => read(() => engine.calls(filter)),
    gate: (endpointKey) => read(() => engine.gate(endpointKey)),
    health: async () => {
      try {
        await read(() => engine.latestRun());
      } catch (error) {
        return { ok: false, detail: (error as Error).message };
      }
      return failedWrite === null ? { ok: true } : { ok: false, detail: failedWrite };
    },
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      close();
    },
  };
  const jobs: JobQueue = {
    enqueue: (slotIds) => write(() => engine.enqueue(slotIds)),
    rerun: (slotIds) => write(() => engine.rerun(slotIds)),
    claim: (claim) => write(() => engine.claim(claim)),
    extend: (lease, at) => write(() => engine.extend(lease, at)),
    release: (lease, at) => write(() => engine.release(lease, at)),
    stats: (runId) => read(() => engine.stats(runId)),
  };
  return { results, jobs, close: () => results.close() };
}
