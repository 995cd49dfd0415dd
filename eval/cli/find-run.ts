import type { ResultStore, RunRecord } from "../../env/store/store.ts";
import { UsageError } from "../errors.ts";

/**
 * The run that is meant: by id, or the newest.
 * @throws UsageError when there is none
 */
export async function findRun(
  store: Pick<ResultStore, "latestRun" | "run" | "runs">,
  id: string | undefined,
): Promise<RunRecord> {
  const run = id === undefined ? await store.latestRun() : await store.run(id);
  if (run !== null) return run;
  if (id === undefined) throw new UsageError("No run is stored yet.", "oncall run --agents random,expert");
  const known = (await store.runs()).slice(0, 5).map(({ runId }) => runId);
  throw new UsageError(`There is no run "${id}". The newest are: ${known.join(", ") || "none"}.`);
}
