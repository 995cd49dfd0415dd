import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openMemoryBackend } from "../../../env/store/memory.ts";
import type { ResultStore } from "../../../env/store/store.ts";
import type { Checkpoints } from "../../../eval/checkpoint/checkpoints.ts";
import { openCheckpoints } from "../../../eval/checkpoint/checkpoints.ts";
import { exportRows } from "../../../eval/export/rows.ts";
import type { ExportRow } from "../../../eval/export/rows.ts";
import { readEntries } from "../../../eval/report/entry.ts";
import { playInto } from "../verify/played.ts";
import type { PlayOptions } from "../verify/played.ts";

export const RUN = "20261120-120000-0001";

/** A folder that is taken away afterwards. */
export function newFolder(): { readonly folder: string; readonly remove: () => void } {
  const parent = mkdtempSync(join(tmpdir(), "oncall-checkpoint-"));
  return { folder: join(parent, RUN), remove: () => rmSync(parent, { recursive: true, force: true }) };
}

/** Plays a run with checkpoints, in memory. */
export async function playedWith(folder: string, options: PlayOptions = {}, checkpoints?: Checkpoints) {
  const backend = openMemoryBackend();
  const store = backend.results;
  const kept = checkpoints ?? openCheckpoints(folder, { store });
  await playInto(backend, { ...options, deps: { ...options.deps, checkpoints: kept } });
  return store;
}

/** What is exported of a run: what counts, or with `full` all there is. */
export async function rowsOf(store: ResultStore, full = true): Promise<ExportRow[]> {
  const run = await store.run(RUN);
  if (run === null) throw new Error("Expected a run, got none.");
  return exportRows(await readEntries(store, run), { full });
}

export const episodeFiles = (folder: string): string[] => readdirSync(join(folder, "episodes")).toSorted();

export const textIn = (folder: string, name: string): string => readFileSync(join(folder, name), "utf8");
