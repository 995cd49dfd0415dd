import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localClient } from "../../../env/client/local.ts";
import { openBackend } from "../../../env/store/backend.ts";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import type { ResultStore } from "../../../env/store/store.ts";
import type { Wiring } from "../../../eval/cli/wiring.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { readingWiring } from "../verify/said.ts";

/** What commands that play are wired to. */
export const playingWiring = (changes: Partial<Wiring> = {}): Wiring =>
  readingWiring({
    openBackend: (path) => openBackend(path),
    connectLocal: () => Promise.resolve(localClient(coreSuite)),
    nearby: () => localClient(coreSuite),
    ...changes,
  });

/** A folder with a database of its own. */
export function playground() {
  const folder = mkdtempSync(join(tmpdir(), "oncall-play-"));
  const db = join(folder, "oncall.db");
  const read = async <Result>(body: (store: ResultStore) => Promise<Result>): Promise<Result> => {
    const store = await openSqliteStore(db, { readOnly: true });
    try {
      return await body(store);
    } finally {
      await store.close();
    }
  };
  return {
    folder,
    db,
    pauseFile: join(folder, "pause.flag"),
    read,
    /** A configuration of models by name and address, under which nothing waits. */
    config: (addresses: Readonly<Record<string, string>>, more: object = {}): string => {
      const file = join(folder, "oncall.config.json");
      const policy = { min_interval_s: 0, rate_limit: 0, max_retries: 0 };
      const models = Object.fromEntries(
        Object.entries(addresses).map(([name, base_url]) => [name, { model: name, base_url, policy }]),
      );
      writeFileSync(file, JSON.stringify({ models, ...more }));
      return file;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
