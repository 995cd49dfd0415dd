import type Database from "better-sqlite3";
import { rngFor, wholeNumber } from "../../../env/core/rng.ts";
import type { Rng } from "../../../env/core/rng.ts";
import { GUARDED, tamper } from "../../eval/verify/tamper.ts";

/** A slot with a row of its own that was changed. */
export interface TamperedSlot {
  readonly slotId: string;
  readonly episodeId: string;
  readonly what: string;
}

/** Changes of rows that belong to one slot. */
interface Way {
  readonly name: string;
  /** False where this slot cannot be changed so. */
  readonly apply: (file: Database.Database, slot: Place, rng: Rng) => boolean;
}

interface Place {
  readonly slotId: string;
  readonly episodeId: string;
  readonly steps: number;
}

/** Steps that an episode needs for all of these: two to swap, and one more. */
const LEAST_STEPS = 3;

/** Every guarded column of steps, episodes and slots, then whole steps. */
const WAYS: readonly Way[] = [...(["step", "episode", "slot"] as const).flatMap(columnsOf), ...wholeSteps()];

/**
 * Changes one row of each of `count` different slots, by all ways in turn. Everything else stays as it was played.
 * @param seed decides which slots, and what they are changed to
 */
export function tamperSlots(file: Database.Database, count: number, seed: number): TamperedSlot[] {
  file.pragma("foreign_keys = OFF");
  const places = file
    .prepare<[number], Place>(
      `SELECT slot_id AS slotId, episode_id AS episodeId, steps FROM episode
       WHERE scored AND steps >= ? ORDER BY episode_id`,
    )
    .all(LEAST_STEPS);
  const rng = rngFor(seed, "tamper", 0);
  return Array.from({ length: count }, (_, i) => {
    const way = WAYS[i % WAYS.length] as Way;
    for (let tries = 0; tries < MOST_TRIES && places.length > 0; tries += 1) {
      const [place] = places.splice(wholeNumber(rng, 0, places.length - 1), 1) as [Place];
      if (way.apply(file, place, rng)) return { ...place, what: way.name };
    }
    throw new Error(`No slot could be changed: ${way.name}.`);
  });
}

const MOST_TRIES = 200;

const OF_SLOT = {
  step: "SELECT rowid FROM step WHERE episode_id = @episodeId ORDER BY rowid",
  episode: "SELECT rowid FROM episode WHERE episode_id = @episodeId",
  slot: "SELECT rowid FROM slot WHERE slot_id = @slotId",
} as const;

function columnsOf(table: keyof typeof OF_SLOT): Way[] {
  return GUARDED[table].map((column) => ({
    name: `${table}.${column}`,
    apply: (file, place, rng) => {
      const rows = file.prepare(OF_SLOT[table]).pluck().all(place) as number[];
      return tamper(file, { table, column }, rows, rng) !== null;
    },
  }));
}

/** Steps that are taken out, made up or exchanged, with the count of steps changed to fit. */
function wholeSteps(): Way[] {
  return [
    {
      name: "the last step is gone",
      apply: (file, place) => {
        file.prepare("DELETE FROM step WHERE episode_id = ? AND step = ?").run(place.episodeId, place.steps);
        addSteps(file, place, -1);
        return true;
      },
    },
    {
      name: "a step in the middle is gone",
      apply: (file, place) => {
        file.prepare("DELETE FROM step WHERE episode_id = ? AND step = 2").run(place.episodeId);
        for (let step = 3; step <= place.steps; step += 1) renumber(file, place, step, step - 1);
        addSteps(file, place, -1);
        return true;
      },
    },
    {
      name: "a step was added",
      apply: (file, place) => {
        file
          .prepare(
            `INSERT INTO step SELECT episode_id, step + 1, action_json, raw_sha256, valid, invalid_reason, assist,
             extra_tool_calls, reward, observation_sha256, info_json, at FROM step WHERE episode_id = ? AND step = ?`,
          )
          .run(place.episodeId, place.steps);
        addSteps(file, place, 1);
        return true;
      },
    },
    {
      name: "two steps changed places",
      apply: (file, place) => {
        renumber(file, place, 1, 0);
        renumber(file, place, 2, 1);
        renumber(file, place, 0, 2);
        return true;
      },
    },
    {
      name: "all steps are gone",
      apply: (file, place) => {
        file.prepare("DELETE FROM step WHERE episode_id = ?").run(place.episodeId);
        return true;
      },
    },
  ];
}

/** Steps that an episode says it has. */
function addSteps(file: Database.Database, { episodeId }: Place, by: number): void {
  file.prepare("UPDATE episode SET steps = steps + ? WHERE episode_id = ?").run(by, episodeId);
}

function renumber(file: Database.Database, { episodeId }: Place, from: number, to: number): void {
  file.prepare("UPDATE step SET step = ? WHERE episode_id = ? AND step = ?").run(to, episodeId, from);
}
