import { asBackend } from "./engine.ts";
import type { Backend } from "./engine.ts";
import { callTables } from "./memory/calls.ts";
import { episodeTables } from "./memory/episodes.ts";
import { holdTables } from "./memory/holds.ts";
import { queueTables } from "./memory/queue.ts";
import { runTables } from "./memory/runs.ts";
import { slotTables } from "./memory/slots.ts";
import { allOrNothing, emptyTables } from "./memory/tables.ts";
import { recordPlayed } from "./played.ts";
import type { PlayedEpisodes } from "./played.ts";
import type { ResultStore } from "./store.ts";

/** Results that last as long as the process: for tests, and for runs that nobody wants to keep. */
export const openMemoryStore = (): ResultStore => openMemoryBackend().results;

/** The same with its queue. */
export function openMemoryBackend(): Backend {
  const tables = emptyTables();
  const parts = {
    ...runTables(tables),
    ...holdTables(tables),
    ...slotTables(tables),
    ...queueTables(tables),
    ...episodeTables(tables),
    ...callTables(tables),
  };
  const recordEpisodes = (runId: string, played: PlayedEpisodes) =>
    allOrNothing(tables, () => recordPlayed(parts, runId, played));
  return asBackend({ ...parts, recordEpisodes }, { close: () => {}, translate: (error) => error });
}
