import type { Engine } from "../engine.ts";
import { holdRow, refusedHold, RunHold } from "../holds.ts";
import { decodeRow } from "../rows.ts";
import { Moment } from "../values.ts";
import { asStored } from "../rows.ts";
import { abandonAttempt } from "./attempts.ts";
import { loseCalls } from "./calls.ts";
import { copied, found } from "./tables.ts";
import type { Tables } from "./tables.ts";

/** Which process has a run, and what becomes of what a dead one left. */
export function holdTables(tables: Tables) {
  const { runs, slots, episodes } = tables;

  return {
    holdRun: (runId, claim) => {
      const hold = decodeRow("run", RunHold, holdRow(runId, claim));
      const run = found(runs, "Run", runId);
      const refused = refusedHold(run, claim);
      if (refused !== null) return copied(refused);
      Object.assign(run, hold);
      return { status: "held" };
    },
    beatRun: (runId, token, time) => {
      const { at } = asStored("run", Moment, { id: runId, at: time });
      const run = runs.get(runId);
      if (run?.owner?.token !== token) return false;
      run.heartbeatAt = at;
      return true;
    },
    recoverRun: (runId, time) => {
      const { at } = asStored("run", Moment, { id: runId, at: time });
      found(runs, "Run", runId);
      const left = [...episodes.values()].filter(
        ({ outcome, slotId }) => outcome === null && found(slots, "Slot", slotId).runId === runId,
      );
      for (const episode of left) abandonAttempt(tables, episode, at);
      return { episodes: left.length, calls: loseCalls(tables, runId) };
    },
  } satisfies Partial<Engine>;
}
