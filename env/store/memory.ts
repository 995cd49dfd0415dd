import { asResultStore } from "./engine.ts";
import { episodeTables } from "./memory/episodes.ts";
import { runTables } from "./memory/runs.ts";
import { slotTables } from "./memory/slots.ts";
import { emptyTables } from "./memory/tables.ts";
import type { ResultStore } from "./store.ts";

/** Results that last as long as the process: for tests, and for runs that nobody wants to keep. */
export function openMemoryStore(): ResultStore {
  const tables = emptyTables();
  const engine = { ...runTables(tables), ...slotTables(tables), ...episodeTables(tables) };
  return asResultStore(engine, { close: () => {}, translate: (error) => error });
}
