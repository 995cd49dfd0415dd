import type { SessionJournal } from "../../env/contract/journal.ts";
import type { Suite } from "../../env/core/task.ts";
import type { ResultStore } from "../../env/store/store.ts";
import type { Clock } from "../clock.ts";
import { newRunId } from "../plan.ts";
import type { RunFacts } from "../run.ts";
import { RecordedEpisodes } from "./recorded-episodes.ts";
import { ResultQueue } from "./result-queue.ts";
import { servedRun } from "./served-runs.ts";

/** What a server does with the results of what outside clients play on it. */
export interface ServedResults {
  /** To be told of every session. */
  readonly journal: SessionJournal;
  /** False while results cannot be saved. */
  readonly saving: () => boolean;
  /** The server is about to end: what it cuts short from now on is no fault of an agent. */
  readonly stopping: () => void;
  /** Saves what is left and closes the store. */
  readonly close: () => Promise<void>;
}

export interface ServedDeps {
  readonly store: ResultStore;
  readonly suite: Suite;
  readonly facts: RunFacts;
  readonly clock: Pick<Clock, "now">;
  /** Told when results cannot be saved, when they can again, and what is lost. */
  readonly report: (message: string) => void;
}

/** Stores what outside clients play, in a run that is made when the first episode has ended. */
export function servedResults({ store, suite, facts, clock, report }: ServedDeps): ServedResults {
  const startedAt = clock.now();
  const runId = newRunId(new Date(startedAt), Math.random);
  const runFor = (turn: number) => servedRun(suite, facts, runId, startedAt, turn);
  const queue = new ResultQueue({ store, suite, clock, runFor, report });
  const journal = new RecordedEpisodes(queue, clock);
  return {
    journal,
    saving: () => queue.saving,
    stopping: () => journal.stopping(),
    async close() {
      journal.cancel();
      await queue.close();
      await store.close();
    },
  };
}
