import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { openMemoryStore } from "../../../env/store/memory.ts";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import { describeStore } from "./store.suite.ts";

const folder = mkdtempSync(join(tmpdir(), "oncall-store-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
describeStore("memory", async () => openMemoryStore());
describeStore("sqlite", () => openSqliteStore(join(folder, `${(files += 1)}.db`)));
