import type { Backend } from "./engine.ts";
import { StoreError } from "./errors.ts";
import { openMemoryBackend } from "./memory.ts";
import { openSqliteBackend } from "./sqlite/results.ts";
import type { SqliteOptions } from "./sqlite/results.ts";

export type { Backend } from "./engine.ts";

/** Where results last as long as the process. */
const IN_MEMORY = "memory:";

/**
 * Opens results and queue where they are kept: the path of a SQLite file, or "memory:". The one place that knows which
 * engines there are.
 * Rejects with StoreError NO_ENGINE for an address of another kind, and as `openSqliteBackend` does.
 */
export async function openBackend(location: string, options: SqliteOptions = {}): Promise<Backend> {
  if (location === IN_MEMORY) return openMemoryBackend();
  const scheme = /^[a-z][\w+.-]+:(?=\/\/)|^:memory:$/i.exec(location)?.[0];
  // Only the scheme is repeated: the rest of an address may hold a password.
  if (scheme !== undefined) throw new StoreError("NO_ENGINE", `Expected a path, got an address of "${scheme}".`);
  return openSqliteBackend(location, options);
}
