import type Database from "better-sqlite3";
import { pick, wholeNumber } from "../../../env/core/rng.ts";
import type { Rng } from "../../../env/core/rng.ts";
import { TERMINAL_REASONS } from "../../../env/store/episode-records.ts";

/** Columns that follow from the actions, or that derive the place of a result. */
export const GUARDED = {
  step: ["action_json", "observation_sha256", "reward", "valid", "step"],
  episode: [
    "score",
    "outcome",
    "terminal_reason",
    "evidence_coverage",
    "steps",
    "invalid_actions",
    "repeated_actions",
    "changes",
    "wrong_changes",
    "distractor_changes",
    "premature_resolution",
    "checks_json",
    "metrics_json",
    "trajectory_sha256",
    "attempt",
  ],
  slot: ["seed", "trial", "spec_hash", "attempts", "state", "final_episode_id"],
  task_spec: ["spec_json", "difficulty", "spec_version"],
  variant: ["kind", "label", "harness_version"],
  suite: ["manifest_json", "manifest_sha256"],
} as const;

/** A change of a stored row, in the words of a report, and how to take it back. */
export interface Tampering {
  readonly what: string;
  readonly restore: () => void;
}

/**
 * Changes one value of a table as an editor of the file could: by one letter, one digit, one word of a closed list.
 * @param rows their rowids, of which one is taken; a value that the table's own checks guard is left alone
 * @returns null where no row would take another value
 */
export function tamper(
  file: Database.Database,
  { table, column }: { readonly table: string; readonly column: string },
  rows: readonly number[],
  rng: Rng,
): Tampering | null {
  const read = file.prepare(`SELECT ${column} FROM ${table} WHERE rowid = ?`).pluck();
  const write = file.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const row = pick(rng, rows);
    const before = read.get(row) as Value;
    const after = changed(column, before, rng, file);
    if (after === before || !isTaken(() => write.run(after, row))) continue;
    return { what: `${table}.${column}: ${before} -> ${after}`, restore: () => void write.run(before, row) };
  }
  return null;
}

type Value = string | number | null;
const MOST_TRIES = 200;

/** Whether the table's own checks let a change through: what they refuse never gets into the file. */
function isTaken(change: () => void): boolean {
  try {
    change();
    return true;
  } catch {
    return false;
  }
}

const REALS = ["reward", "score", "evidence_coverage"];

/** Another value of the same kind: a byte of a text, a neighbouring number, another word of a closed list. */
function changed(column: string, value: Value, rng: Rng, file: Database.Database): Value {
  if (column === "outcome") return value === "success" ? "failure" : "success";
  if (column === "state") return "unscored";
  if (column === "terminal_reason") return pick(rng, TERMINAL_REASONS);
  if (column === "valid" || column === "premature_resolution") return value === 1 ? 0 : 1;
  if (column === "spec_hash")
    return pick(rng, file.prepare("SELECT spec_hash FROM task_spec").pluck().all() as string[]);
  if (typeof value === "string") return flipped(value, rng);
  if (value === null || !REALS.includes(column)) return (value ?? 0) + 1;
  return value >= 0.5 ? value - 1e-6 : value + 1e-6;
}

/** The text with one letter or digit changed to its neighbour. */
function flipped(text: string, rng: Rng): string {
  const places = Array.from({ length: text.length }, (_, i) => i).filter((i) => /[0-9a-z]/i.test(text[i] ?? ""));
  const at = places[wholeNumber(rng, 0, places.length - 1)] as number;
  const letter = text[at] as string;
  const next =
    letter === "9"
      ? "8"
      : letter === "f"
        ? "e"
        : letter === "z"
          ? "y"
          : String.fromCodePoint(letter.codePointAt(0)! + 1);
  return `${text.slice(0, at)}${next}${text.slice(at + 1)}`;
}
