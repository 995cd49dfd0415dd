import type { Database } from "better-sqlite3";
import { StoreError } from "../errors.ts";
import type { Row } from "../rows.ts";

/** Rows on their way from one file to another. Both have the same schema, and so the same columns. */
export class MergedRows {
  readonly target: Database;
  readonly #source: Database;

  constructor(target: Database, source: Database) {
    this.target = target;
    this.#source = source;
  }

  /** Those of the file. `rest` is fixed SQL that follows the table. */
  of(table: string, rest = "", bound: Row = {}): Iterable<Row> {
    return this.#source.prepare<[Row], Row>(`SELECT * FROM ${table} ${rest}`).iterate(bound);
  }

  /** Whether the file has what a row of here names. */
  fileHas(table: string, key: string): (row: Row) => boolean {
    const statement = this.#source.prepare<[Row], Row>(`SELECT 1 FROM ${table} WHERE ${key} = @${key}`);
    return (row) => statement.get(row) !== undefined;
  }

  /** What is here already under the key of a row. */
  lookUp(table: string, key: readonly string[]): (row: Row) => Row | undefined {
    const where = key.map((column) => `${column} = @${column}`).join(" AND ");
    const statement = this.target.prepare<[Row], Row>(`SELECT * FROM ${table} WHERE ${where}`);
    return (row) => statement.get(row);
  }

  insert(table: string, row: Row): void {
    const columns = Object.keys(row);
    const values = columns.map((column) => `@${column}`);
    this.target.prepare(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${values.join(", ")})`).run(row);
  }

  /**
   * Copies the rows of a table whose key is not here yet.
   * @param same columns that must be equal where the key is
   * @returns how many were copied
   */
  copyNew(table: string, key: readonly string[], same: readonly string[]): number {
    const known = this.lookUp(table, key);
    let copied = 0;
    for (const row of this.of(table)) {
      const stored = known(row);
      if (stored !== undefined) {
        this.assertSame(table, key, same, row, stored);
        continue;
      }
      this.insert(table, row);
      copied += 1;
    }
    return copied;
  }

  assertSame(table: string, key: readonly string[], same: readonly string[], row: Row, stored: Row): void {
    const code = table === "suite" || table === "task_spec" ? "SUITE_CHANGED" : "CONSTRAINT";
    const name = key.map((column) => `${row[column]}`).join(" ");
    const pick = (from: Row) => Object.fromEntries(same.map((column) => [column, from[column]]));
    assertEqual(`${table} ${name}`, code, pick(stored), pick(row));
  }
}

/** Two things under one key would be pooled. Throws a StoreError that names whatever differs. */
export function assertEqual(
  name: string,
  code: "SUITE_CHANGED" | "CONSTRAINT",
  here: Readonly<Record<string, unknown>>,
  there: Readonly<Record<string, unknown>>,
): void {
  const differing = Object.keys(here).filter((field) => here[field] !== there[field]);
  if (differing.length === 0) return;
  const told = differing.map(
    (field) => `${field} is stored as ${short(here[field])}, the file has ${short(there[field])}`,
  );
  throw new StoreError(code, `${name}: ${told.join("; ")}.`);
}

/** What people need to tell two values apart. */
const short = (value: unknown): string => String(value).slice(0, 80);
