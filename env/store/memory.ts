import { asResultStore } from "./engine.ts";
import { callTables } from "./memory/calls.ts";
import { episodeTables } from "./memory/episodes.ts";
import { runTables } from "./memory/runs.ts";
import { slotTables } from "./memory/slots.ts";
import { allOrNothing, emptyTables } from "./memory/tables.ts";
import { recordPlayed } from "./played.ts";
import type { PlayedEpisodes } from "./played.ts";
import type { ResultStore } from "./store.ts";

/** Results that last as long as the process: for tests, and for runs that nobody wants to keep. */
export function openMemoryStore(): ResultStore {
  const tables = emptyTables();
  const parts = { ...runTables(tables), ...slotTables(tables), ...episodeTables(tables), ...callTables(tables) };
  const recordEpisodes = (runId: string, played: PlayedEpisodes) =>
    allOrNothing(tables, () => recordPlayed(parts, runId, played));
  const engine = { ...parts, recordEpisodes };
  return asResultStore(engine, { close: () => {}, translate: (error) => error });
}
