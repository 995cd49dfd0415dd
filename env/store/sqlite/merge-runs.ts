import type { JsonObject } from "../values.ts";
import type { Row } from "../rows.ts";
import { assertEqual } from "./merge-rows.ts";
import type { MergedRows } from "./merge-rows.ts";

/** Copies runs that are not here yet. Those that are must play the same. Returns how many were copied. */
export function copyRuns(rows: MergedRows): number {
  const known = rows.lookUp("run", ["run_id"]);
  let copied = 0;
  for (const row of rows.of("run")) {
    const stored = known(row);
    if (stored !== undefined) {
      assertEqual(`run ${row["run_id"]}`, "CONSTRAINT", playedBy(stored), playedBy(row));
      continue;
    }
    rows.insert("run", { ...row, owner_json: null, heartbeat_at: null }); // whoever plays it there does not play it here
    copied += 1;
  }
  return copied;
}

/** What the shards of a run have in common. The runtime is not part of it: on every one the same is played. */
function playedBy(run: Row): JsonObject {
  const { env, scoring } = JSON.parse(String(run["versions_json"])) as JsonObject;
  const { suite, suite_version, base_seed, trials, salt_sha256, fingerprint } = run;
  return {
    suite: `${suite}@${suite_version}`,
    "environment version": env,
    "scoring version": scoring,
    "base seed": base_seed,
    trials,
    "hash of the salt": salt_sha256,
    fingerprint,
  };
}

/** Gives the runs of the file a status that is true of all their pieces together. */
export function settleRuns(rows: MergedRows): void {
  const known = rows.lookUp("run", ["run_id"]);
  const slots = rows.target.prepare<[Row], SlotCounts>(`SELECT count(*) AS slots,
    count(*) FILTER (WHERE state IN ('pending', 'running')) AS open FROM slot WHERE run_id = @run_id`);
  const unscored = rows.target.prepare<[Row], Row>(
    "SELECT slot_id FROM slot WHERE run_id = @run_id AND state = 'unscored'",
  );
  const isInFile = rows.fileHas("slot", "slot_id");
  const update = rows.target.prepare(`UPDATE run SET status = @status, reason = @reason,
    created_at = min(created_at, @created_at),
    started_at = coalesce(min(started_at, @started_at), started_at, @started_at),
    ended_at = iif(@status = 'paused', NULL, max(coalesce(ended_at, 0), coalesce(@ended_at, 0)))
    WHERE run_id = @run_id`);

  for (const row of rows.of("run")) {
    const stored = known(row);
    if (stored === undefined || (stored["status"] === "running" && stored["owner_json"] !== null)) continue;
    const notScored = unscored.all(row);
    const played = {
      isWhole: isPlayed(stored, slots.get(row)),
      isScored: notScored.length === 0,
      isNews: notScored.every(isInFile),
    };
    update.run({ ...row, ...statusOf(stored, row, played) });
  }
}

interface SlotCounts {
  readonly slots: number;
  readonly open: number;
}

/** Whether nothing is left to be played: neither here, nor in shards that have not come yet. */
function isPlayed({ filter_json }: Row, counts: SlotCounts | undefined): boolean {
  const { slots: planned } = JSON.parse(String(filter_json)) as JsonObject;
  const { slots = 0, open = 0 } = counts ?? {};
  return slots > 0 && open === 0 && (typeof planned !== "number" || slots >= planned);
}

interface Played {
  readonly isWhole: boolean;
  readonly isScored: boolean;
  /** Whether the file has every slot that has no score. */
  readonly isNews: boolean;
}

/** How a run stands of which `row` is a piece. What stopped another piece stays until the file can tell otherwise. */
function statusOf(stored: Row, row: Row, { isWhole, isScored, isNews }: Played): Stand {
  if (isWhole && isScored && (isStopped(row) || isComplete(row) || isComplete(stored))) return COMPLETE;
  if (isStopped(row)) return standOf(row);
  if (isWhole && isComplete(row) && (isNews || isComplete(stored))) return COMPLETE;
  if (isStopped(stored)) return standOf(stored);
  return { status: "paused", reason: "merged before all of it was played" };
}

type Stand = Pick<Row, "status" | "reason">;

const COMPLETE: Stand = { status: "complete", reason: null };

const standOf = ({ status = null, reason = null }: Row): Stand => ({ status, reason });

const isComplete = ({ status }: Row): boolean => status === "complete";

const isStopped = ({ status }: Row): boolean => !["planned", "running", "complete"].includes(`${status}`);
