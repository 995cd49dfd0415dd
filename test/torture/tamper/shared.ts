import type Database from "better-sqlite3";
import { rngFor } from "../../../env/core/rng.ts";
import { GUARDED, tamper } from "../../eval/verify/tamper.ts";

/** A change of a row that many episodes share, to be looked at by itself. */
interface SharedTampering {
  readonly what: string;
  /** Returns how to take it back. */
  readonly apply: (seed: number) => () => void;
}

/** Every guarded column of tasks, agents, suite and run. */
export function sharedTamperings(file: Database.Database): SharedTampering[] {
  file.pragma("foreign_keys = OFF");
  const columns = (["task_spec", "variant", "suite"] as const).flatMap((table) =>
    GUARDED[table].map((column) => ({ table, column })),
  );
  const ofColumns = columns.map((place) => ({
    what: `${place.table}.${place.column}`,
    apply: (seed: number) => {
      const rows = file.prepare(`SELECT rowid FROM ${place.table} ORDER BY rowid`).pluck().all() as number[];
      const done = tamper(file, place, rows, rngFor(seed, "tamper-shared", 0));
      if (done === null) throw new Error(`No value of ${place.table}.${place.column} could be changed.`);
      return done.restore;
    },
  }));
  return [
    ...ofColumns,
    ofRun("versions_json", "json_set(versions_json, '$.env', '0.9.9')"),
    ofRun("versions_json", "json_set(versions_json, '$.scoring', '0.9.9')"),
    ofRun("base_seed", "base_seed + 1"),
    ofRun("fingerprint", "replace(fingerprint, substr(fingerprint, 1, 1), 'x')"),
  ];

  function ofRun(column: string, value: string): SharedTampering {
    return {
      what: `run: ${column} = ${value}`,
      apply: () => {
        const before = file.prepare(`SELECT ${column} FROM run`).pluck().get();
        file.prepare(`UPDATE run SET ${column} = ${value}`).run();
        return () => void file.prepare(`UPDATE run SET ${column} = ?`).run(before);
      },
    };
  }
}
