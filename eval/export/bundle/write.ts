import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { ENV_VERSION, SCORING_VERSION } from "../../../env/core/version.ts";
import type { RunRecord } from "../../../env/store/store.ts";
import { sha256 } from "../../../env/store/trajectory.ts";
import { UsageError } from "../../errors.ts";
import type { ResultReader } from "../../report/reader.ts";
import { fileOf, FORMAT, lineOf, MANIFEST, TABLE_NAMES, TABLES } from "./files.ts";
import type { DerivedName, Records, TableName } from "./files.ts";

export interface WrittenBundle {
  readonly folder: string;
  readonly runs: readonly string[];
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly bytes: number }>>;
}

/**
 * Writes everything that is stored of some runs as a folder of JSON lines, with a manifest of hashes. The folder comes
 * into being whole or not at all. Which process held a run is left out.
 * @throws UsageError when the folder is there already
 */
export async function writeBundle(
  folder: string,
  reader: ResultReader,
  runs: readonly RunRecord[],
  derived: Readonly<Record<DerivedName, string>>,
): Promise<WrittenBundle> {
  const target = resolve(folder);
  if (existsSync(target) && readdirSync(target).length > 0) {
    throw new UsageError(`${folder} is there already. Name a folder that is new or empty.`, "--out <folder>");
  }
  const records = await recordsOf(reader, runs);
  const contents = { ...tableTexts(records), ...derived };
  const files = Object.fromEntries(
    Object.entries(contents).map(([name, text]) => [name, { sha256: sha256(text), bytes: Buffer.byteLength(text) }]),
  );
  const runIds = runs.map(({ runId }) => runId);
  const manifest = { format: FORMAT, env_version: ENV_VERSION, scoring_version: SCORING_VERSION, runs: runIds, files };
  writeWhole(target, { ...contents, [MANIFEST]: `${JSON.stringify(manifest, null, 2)}\n` });
  return { folder: target, runs: runIds, files };
}

async function recordsOf(reader: ResultReader, runs: readonly RunRecord[]): Promise<Records> {
  const runIds = runs.map(({ runId }) => runId);
  const perRun = async <Item>(read: (runId: string) => Promise<readonly Item[]>): Promise<Item[]> =>
    (await Promise.all(runIds.map(read))).flat();
  const episodes = await reader.episodes({ runIds });
  const suites = await Promise.all(runs.map(({ suite, suiteVersion }) => reader.suite(suite, suiteVersion)));
  return {
    runs: runs.map((run) => ({ ...run, owner: null, heartbeatAt: null })),
    suites: distinct(
      suites.filter((suite) => suite !== null),
      ({ suite, version }) => `${suite}@${version}`,
    ),
    task_specs: distinct(await perRun((runId) => reader.taskSpecs(runId)), ({ specHash }) => specHash),
    variants: distinct(await perRun((runId) => reader.variants(runId)), ({ variantId }) => variantId),
    slots: await perRun((runId) => reader.slots(runId)),
    episodes,
    steps: (await Promise.all(episodes.map(({ episodeId }) => reader.steps(episodeId)))).flat(),
    events: await perRun((runId) => reader.events(runId)),
    calls: await perRun((runId) => reader.calls({ runId })),
  };
}

function distinct<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

const tableTexts = (records: Records): Record<string, string> =>
  Object.fromEntries(TABLE_NAMES.map((table) => [fileOf(table), tableText(table, records[table])]));

const tableText = (table: TableName, records: readonly object[]): string =>
  records.map((record) => lineOf(TABLES[table], record as Record<string, unknown>)).join("");

/** Into a folder beside the target, which then takes the target's name. */
function writeWhole(target: string, contents: Readonly<Record<string, string>>): void {
  const unfinished = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(unfinished, name), text, { mode: 0o600 });
  rmSync(target, { recursive: true, force: true }); // it is empty
  renameSync(unfinished, target);
}
