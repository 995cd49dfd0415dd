import type { Row } from "../rows.ts";
import type { JsonObject } from "../values.ts";
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
  const count = rows.target.prepare<[Row], number>("SELECT count(*) FROM slot WHERE run_id = @run_id").pluck();
  const left = rows.target.prepare<[Row], Row>(
    "SELECT slot_id, state FROM slot WHERE run_id = @run_id AND state <> 'scored'",
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
    const notScored = left.all(row);
    const slots = count.get(row) ?? 0;
    const isPlayed = notScored.every(({ state }) => state === "unscored");
    const played = {
      isWhole: isPlayed && slots >= plannedSlots(stored),
      isScored: notScored.length === 0,
      isNews: notScored.every(isInFile),
    };
    update.run({ ...row, ...standOf(stored, row, played) });
  }
}

/** How many slots the shards of a run have together, as far as it says so; at least one. */
function plannedSlots({ filter_json }: Row): number {
  const { slots } = JSON.parse(String(filter_json)) as JsonObject;
  return typeof slots === "number" ? Math.max(1, slots) : 1;
}

interface Played {
  /** Whether nothing is left to be played: neither here, nor in shards that have not come yet. */
  readonly isWhole: boolean;
  readonly isScored: boolean;
  /** Whether the file has every slot that has no score, and so has the last word about them. */
  readonly isNews: boolean;
}

type Stand = Pick<Row, "status" | "reason">;

const COMPLETE: Stand = { status: "complete", reason: null };
const LACKS_SHARDS: Stand = { status: "paused", reason: "not all of its shards are here yet" };
const STILL_PLAYED: Stand = { status: "paused", reason: "merged before all of it was played" };

/** How a run stands of which `row` is a piece. What stopped another piece stays until the file can tell otherwise. */
function standOf(stored: Row, row: Row, { isWhole, isScored, isNews }: Played): Stand {
  if (isWhole && isScored && (isStopped(row) || isEnded(row) || isEnded(stored))) return COMPLETE;
  if (isStopped(row)) return asStored(row);
  if (isEnded(row) && (isNews || isEnded(stored))) return isWhole ? COMPLETE : LACKS_SHARDS;
  if (isStopped(stored)) return asStored(stored);
  return STILL_PLAYED;
}

/** As far as it is here. */
const isEnded = ({ status, reason }: Row): boolean => status === "complete" || reason === LACKS_SHARDS.reason;

const isStopped = (run: Row): boolean => !isEnded(run) && run["status"] !== "planned" && run["status"] !== "running";

const asStored = ({ status = null, reason = null }: Row): Stand => ({ status, reason });
