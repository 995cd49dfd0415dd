import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { openBackend } from "../../../env/store/backend.ts";
import { describeAmending } from "./amend.suite.ts";
import { describeLeases } from "./lease.suite.ts";
import { describePermits } from "./permits.suite.ts";
import { describePlayed } from "./played.suite.ts";
import { describeQueue } from "./queue.suite.ts";
import { describeStore } from "./store.suite.ts";

const folder = mkdtempSync(join(tmpdir(), "oncall-store-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const locations: Readonly<Record<string, () => string>> = {
  memory: () => "memory:",
  sqlite: () => join(folder, `${(files += 1)}.db`),
};
for (const [name, location] of Object.entries(locations)) {
  const open = () => openBackend(location());
  const openStore = async () => (await open()).results;
  describeStore(name, openStore);
  describePermits(name, openStore);
  describePlayed(name, openStore);
  describeLeases(name, open);
  describeQueue(name, open);
  describeAmending(name, open);
}
