import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { StoreError } from "../../../env/store/errors.ts";
import { sha256 } from "../../../env/store/trajectory.ts";
import { UsageError } from "../../errors.ts";
import type { Problem } from "../../verify/problem.ts";
import { DERIVED, fileOf, FORMAT, MANIFEST, recordOf, TABLE_NAMES, TABLES } from "./files.ts";
import type { Records, TableName } from "./files.ts";

const Manifest = z.strictObject({
  format: z.literal(FORMAT),
  env_version: z.string(),
  scoring_version: z.string(),
  runs: z.array(z.string()).min(1),
  files: z.record(z.string(), z.strictObject({ sha256: z.string(), bytes: z.int().min(0) })),
});

/** A bundle as it was found. */
export interface ReadBundle {
  readonly records: Records;
  /** Files that are not as the manifest says. */
  readonly problems: readonly Problem[];
}

/** In bytes: what this program reads of a stranger's file. */
const LARGEST_FILE = 256 * 1024 * 1024;

/**
 * Reads a bundle, which may be a stranger's: only files that a bundle has, no links, nothing that is too large.
 * @throws UsageError when it cannot be read at all
 */
export function readBundle(folder: string): ReadBundle {
  const manifest = readManifest(folder);
  const known = [...TABLE_NAMES.map(fileOf), ...DERIVED];
  const problems: Problem[] = namesIn(folder)
    .filter((name) => name !== MANIFEST && !known.includes(name))
    .map((name) => ({ what: name, detail: "no such file belongs to a bundle" }));
  for (const name of known) {
    const said = manifest.files[name];
    const text = textOf(folder, name);
    if (said === undefined) problems.push({ what: name, detail: "the manifest does not have it" });
    else if (sha256(text) !== said.sha256 || Buffer.byteLength(text) !== said.bytes) {
      problems.push({ what: name, detail: "its content is not what the manifest's hash says" });
    }
  }
  const records = Object.fromEntries(
    TABLE_NAMES.map((table) => [table, readTable(folder, table)]),
  ) as unknown as Records;
  const missing = manifest.runs.filter((id) => !records.runs.some(({ runId }) => runId === id));
  problems.push(...missing.map((id) => ({ what: id, detail: "the manifest names a run that is not there" })));
  return { records, problems };
}

function readManifest(folder: string): z.output<typeof Manifest> {
  const text = textOf(folder, MANIFEST);
  try {
    return Manifest.parse(JSON.parse(text));
  } catch (error) {
    const detail = error instanceof z.ZodError ? error.issues[0]?.message : (error as Error).message;
    throw new UsageError(`${join(folder, MANIFEST)} is no manifest of a bundle: ${detail}.`, "oncall export bundle");
  }
}

function readTable(folder: string, table: TableName): object[] {
  const name = fileOf(table);
  return textOf(folder, name)
    .split("\n")
    .filter((line) => line !== "")
    .map((line, i) => {
      try {
        return recordOf(`${name} line ${i + 1}`, TABLES[table], line);
      } catch (error) {
        if (!(error instanceof StoreError || error instanceof SyntaxError)) throw error;
        throw new UsageError(`${folder} cannot be read. ${name} line ${i + 1}: ${error.message}`);
      }
    });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new UsageError(`${folder} cannot be read: ${(error as Error).message}.`);
  }
}

function textOf(folder: string, name: string): string {
  const path = join(folder, name);
  try {
    const file = lstatSync(path);
    if (!file.isFile()) throw new UsageError(`${path} is no plain file, and was not read.`);
    if (file.size > LARGEST_FILE)
      throw new UsageError(`${path} has ${file.size} bytes; at most ${LARGEST_FILE} are read.`);
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}.`, "oncall export bundle");
  }
}
