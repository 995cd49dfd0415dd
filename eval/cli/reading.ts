import { Option } from "commander";
import type { ResultStore, RunRecord } from "../../env/store/store.ts";
import { UsageError } from "../errors.ts";
import { findRun } from "./find-run.ts";
import type { Wiring } from "./wiring.ts";

/** Opens the database for reading for as long as `body` takes. */
export async function reading<Result>(
  wiring: Pick<Wiring, "openStore">,
  db: string,
  body: (store: ResultStore) => Promise<Result>,
): Promise<Result> {
  const store = await wiring.openStore(db, true);
  try {
    return await body(store);
  } finally {
    await store.close();
  }
}

/** The salt of private seeds, which a run stores the hash of. It never stands in help or on a command line of ours. */
export const saltOption = (): Option => new Option("--salt <text>").env("ONCALL_SEED_SALT").hideHelp();

export const allRunsOption = (): Option =>
  new Option("--all", "every run in the database that compares with it, not one alone").conflicts("run");

/**
 * The run that is meant, or with `all` every run that has the same suite as the newest.
 * @throws UsageError when there is none
 */
export async function findRuns(
  store: ResultStore,
  { run: id, all }: { readonly run?: string; readonly all?: true },
  isAlike: (a: RunRecord, b: RunRecord) => boolean,
): Promise<RunRecord[]> {
  const run = await findRun(store, id);
  if (!all) return [run];
  const runs = (await store.runs()).filter((one) => isAlike(one, run));
  if (runs.length === 0) throw new UsageError("No run is stored yet.");
  return runs;
}
