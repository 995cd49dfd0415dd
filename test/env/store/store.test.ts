import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { openMemoryStore } from "../../../env/store/memory.ts";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import type { ResultStore } from "../../../env/store/store.ts";
import { describePermits } from "./permits.suite.ts";
import { describePlayed } from "./played.suite.ts";
import { describeStore } from "./store.suite.ts";

const folder = mkdtempSync(join(tmpdir(), "oncall-store-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const stores: Readonly<Record<string, () => Promise<ResultStore>>> = {
  memory: async () => openMemoryStore(),
  sqlite: () => openSqliteStore(join(folder, `${(files += 1)}.db`)),
};
for (const [name, open] of Object.entries(stores)) {
  describeStore(name, open);
  describePermits(name, open);
  describePlayed(name, open);
}
