import type { Database } from "better-sqlite3";
import { episodeId } from "../identity.ts";
import type { SlotRecord } from "../plan-records.ts";

/** The beginning of attempts, and their end without a result. The caller makes a transaction of it. */
export function attemptStatements(db: Database) {
  const take = db.prepare("UPDATE slot SET state = 'running', attempts = attempts + 1 WHERE slot_id = ?");
  const insertEpisode = db.prepare(
    "INSERT INTO episode (episode_id, slot_id, attempt, started_at) VALUES (@episodeId, @slotId, @attempt, @at)",
  );
  const end = db.prepare(
    "UPDATE episode SET outcome = 'abandoned', ended_at = @at WHERE episode_id = @episodeId AND outcome IS NULL",
  );
  const giveBack = db.prepare(`UPDATE slot SET state = 'pending'
    WHERE slot_id = (SELECT slot_id FROM episode WHERE episode_id = ?)`);

  return {
    /** Of a pending slot. */
    begin: ({ slotId, attempts }: Pick<SlotRecord, "slotId" | "attempts">, at: number) => {
      const attempt = attempts + 1;
      const begun = { episodeId: episodeId(slotId, attempt), attempt };
      take.run(slotId);
      insertEpisode.run({ ...begun, slotId, at });
      return begun;
    },
    /** The slot is pending again, and what counted for it before still does. False when the attempt had ended. */
    abandon: (id: string, at: number): boolean => {
      if (end.run({ episodeId: id, at }).changes === 0) return false;
      giveBack.run(id);
      return true;
    },
  };
}
