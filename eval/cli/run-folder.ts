import { lstatSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../errors.ts";

/** A name that leads nowhere else. The id of a run may come from a stranger's file. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * The folder of a run's files, beside the database.
 * @throws UsageError when the run's id is no plain name, or a link stands there
 */
export function runFolder(db: string, runId: string): string {
  const folder = join(dirname(db), runId);
  if (PLAIN.test(runId) && lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return folder;
  throw new UsageError(`The files of run "${runId.slice(0, 100)}" would not lie beside the database.`, "--out <where>");
}
