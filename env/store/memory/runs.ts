import { assertSameSuite } from "../conflicts.ts";
import type { Engine } from "../engine.ts";
import { RunEventRecord } from "../episode-records.ts";
import { StoreError } from "../errors.ts";
import { RunAmendment, RunRecord, RunStop, SuiteRecord } from "../plan-records.ts";
import { asStored } from "../rows.ts";
import { Moment } from "../values.ts";
import { byCreation, copied, found, slotsOf, suiteKey } from "./tables.ts";
import type { Tables } from "./tables.ts";

/** Runs from creation to deletion, their suites, and their events. */
export function runTables(tables: Tables) {
  const { suites, runs, slots, episodes, steps, events, calls } = tables;
  const newestFirst = () => [...runs.values()].toSorted((a, b) => byCreation(b, a));

  return {
    createRun: (newRun, newSuite) => {
      const suite = asStored("suite", SuiteRecord, newSuite);
      const run = asStored("run", RunRecord, { ...newRun, status: "planned" });
      const key = suiteKey(suite.suite, suite.version);
      const stored = suites.get(key);
      if (stored) assertSameSuite(stored, suite);
      if (runs.has(run.runId)) throw new StoreError("RUN_EXISTS", `Run "${run.runId}".`);
      if (key !== suiteKey(run.suite, run.suiteVersion) && !suites.has(suiteKey(run.suite, run.suiteVersion))) {
        throw new StoreError("CONSTRAINT", `run.suite: ${run.suite}@${run.suiteVersion} is not stored.`);
      }
      if (!stored) suites.set(key, suite);
      runs.set(run.runId, run);
    },
    startRun: (runId, time) => {
      const { at } = asStored("run", Moment, { id: runId, at: time });
      const run = found(runs, "Run", runId);
      Object.assign(run, { status: "running", reason: null, endedAt: null, startedAt: run.startedAt ?? at });
    },
    finishRun: (runId, stop, token) => {
      const { status, at, reason } = asStored("run", RunStop, stop);
      const endedAt = status === "paused" ? null : at;
      const run = found(runs, "Run", runId);
      if (token !== undefined && run.owner?.token !== token) return false;
      Object.assign(run, { status, reason, endedAt, owner: null, heartbeatAt: null });
      return true;
    },
    amendRun: (runId, amendment) => {
      const amended = asStored("run", RunAmendment, amendment);
      Object.assign(found(runs, "Run", runId), amended);
    },
    deleteRun: (runId) => {
      for (const slot of slotsOf(tables, runId)) slots.delete(slot.slotId);
      for (const { episodeId } of [...episodes.values()].filter((episode) => !slots.has(episode.slotId))) {
        episodes.delete(episodeId);
        steps.delete(episodeId);
      }
      events.delete(runId);
      for (const call of calls.values()) {
        if (call.runId === runId) Object.assign(call, { runId: null });
        if (call.episodeId !== null && !episodes.has(call.episodeId)) Object.assign(call, { episodeId: null });
      }
      return runs.delete(runId);
    },
    addEvent: (event) => addEvent(tables, event),
    events: (runId) => copied(events.get(runId) ?? []),
    suite: (name, version) => copied(suites.get(suiteKey(name, version)) ?? null),
    run: (runId) => copied(runs.get(runId) ?? null),
    runs: () => copied(newestFirst()),
    latestRun: () => copied(newestFirst()[0] ?? null),
  } satisfies Partial<Engine>;
}

export function addEvent({ runs, events }: Tables, event: RunEventRecord): void {
  const stored = asStored("run_event", RunEventRecord, event);
  if (!runs.has(stored.runId)) throw new StoreError("CONSTRAINT", `run_event.run_id: "${stored.runId}" is not stored.`);
  events.set(stored.runId, [...(events.get(stored.runId) ?? []), stored]);
}
