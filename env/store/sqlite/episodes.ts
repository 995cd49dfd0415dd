import type { Database } from "better-sqlite3";
import type { Engine } from "../engine.ts";
import { EpisodeEnd, EpisodeEntry, isScored, StepRecord } from "../episode-records.ts";
import type { EpisodeFilter, FinishedEpisode, Outcome } from "../episode-records.ts";
import { StoreError } from "../errors.ts";
import { columnsOf, decodeRow, encodeRow } from "../rows.ts";
import type { Row } from "../rows.ts";
import { insert, reader } from "./statements.ts";

/** Committing an attempt with its steps, and reading episodes back. */
export function episodeStatements(db: Database) {
  const outcomeOf = db.prepare<[string], Outcome | null>("SELECT outcome FROM episode WHERE episode_id = ?").pluck();
  const finish = db.prepare<[Row]>(
    `UPDATE episode SET ${assignments()} WHERE episode_id = @episode_id AND outcome IS NULL`,
  );
  const insertStep = insert(db, "step", StepRecord);
  const settleSlot = db.prepare(`UPDATE slot SET state = @state, final_episode_id = @episodeId
    WHERE slot_id = (SELECT slot_id FROM episode WHERE episode_id = @episodeId)`);
  // A score is not given up for an attempt that measured nothing.
  const keepScore = db.prepare(`UPDATE slot SET state = 'scored'
    WHERE slot_id = (SELECT slot_id FROM episode WHERE episode_id = ?)
    AND (SELECT scored FROM episode WHERE episode_id = slot.final_episode_id)`);
  const steps = reader(db, "step", StepRecord, "SELECT * FROM step WHERE episode_id = ? ORDER BY step");

  const commit = db.transaction((end: Row, stepRows: readonly Row[], state: "scored" | "unscored") => {
    const episodeId = end["episode_id"] as string;
    if (finish.run(end).changes === 0) {
      const outcome = outcomeOf.get(episodeId);
      if (outcome === undefined) throw new StoreError("NOT_FOUND", `Episode "${episodeId}".`);
      return outcome === "abandoned" ? ("lease_lost" as const) : ("duplicate" as const);
    }
    for (const row of stepRows) insertStep.run(row);
    const isKept = state === "unscored" && keepScore.run(episodeId).changes > 0;
    if (!isKept) settleSlot.run({ state, episodeId });
    return "inserted" as const;
  });

  return {
    commitEpisode: (episode) => {
      const { end, steps: stepRows } = encodeEpisode(episode);
      return commit.immediate(end, stepRows, isScored(episode.outcome) ? "scored" : "unscored");
    },
    episodes: (filter = {}) => selectEpisodes(db, filter),
    steps: (episodeId) => steps.all(episodeId),
  } satisfies Partial<Engine>;
}

function encodeEpisode({ steps, ...end }: FinishedEpisode) {
  const { episodeId } = end;
  return {
    end: encodeRow("episode", EpisodeEnd, { ...end, steps: steps.length }),
    steps: steps.map((step, index) => encodeRow(`step[${index}]`, StepRecord, { ...step, episodeId })),
  };
}

/** `outcome = @outcome, …` for what the end of an attempt writes. */
function assignments(): string {
  const columns = columnsOf(EpisodeEnd).map(({ column }) => column);
  return columns
    .filter((column) => column !== "episode_id")
    .map((column) => `${column} = @${column}`)
    .join(", ");
}

const ENTRIES = `SELECT episode.*, slot.run_id, slot.variant_id, variant.label AS variant_label, slot.spec_hash,
  task_spec.task_id, task_spec.difficulty, slot.seed, slot.trial, slot.ordinal,
  slot.final_episode_id IS episode.episode_id AS final
  FROM run JOIN slot USING (run_id) JOIN episode USING (slot_id) JOIN variant USING (variant_id)
  JOIN task_spec USING (spec_hash)`;

/** One fixed condition for each part of the filter: values are bound, none is ever part of the text. */
const CONDITIONS = {
  episodeIds: "episode.episode_id IN (SELECT value FROM json_each(@episodeIds))",
  runIds: "run.run_id IN (SELECT value FROM json_each(@runIds))",
  variantLabels: "variant.label IN (SELECT value FROM json_each(@variantLabels))",
  taskIds: "task_spec.task_id IN (SELECT value FROM json_each(@taskIds))",
  outcomes: "coalesce(episode.outcome, 'running') IN (SELECT value FROM json_each(@outcomes))",
} as const;

function selectEpisodes(db: Database, { finalOnly, ...lists }: EpisodeFilter): EpisodeEntry[] {
  const conditions = finalOnly ? ["slot.final_episode_id = episode.episode_id"] : [];
  const bound: Record<string, string> = {};
  for (const [name, condition] of Object.entries(CONDITIONS)) {
    const list = lists[name as keyof typeof CONDITIONS];
    if (list === undefined) continue;
    conditions.push(condition);
    bound[name] = JSON.stringify(list);
  }
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  const order = "ORDER BY run.created_at, run.run_id, slot.ordinal, slot.slot_id, episode.attempt";
  const rows = db.prepare<[Record<string, string>], Row>(`${ENTRIES} ${where} ${order}`).all(bound);
  return rows.map((row) => decodeRow("episode", EpisodeEntry, row));
}
