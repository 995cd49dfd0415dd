import type { Database, Statement } from "better-sqlite3";
import { columnsOf, decodeRow } from "../rows.ts";
import type { RecordSchema, Row } from "../rows.ts";
import type { z } from "zod";

/** `INSERT` of the columns of a record, bound by column name. `onConflict` is what follows the values. */
export function insert(db: Database, table: string, schema: RecordSchema, onConflict = ""): Statement<[Row]> {
  const columns = columnsOf(schema).map(({ column }) => column);
  const values = columns.map((column) => `@${column}`);
  return db.prepare(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${values.join(", ")}) ${onConflict}`);
}

/** Reads the rows of a fixed statement as records. */
export function reader<Schema extends RecordSchema>(db: Database, name: string, schema: Schema, sql: string) {
  const statement = db.prepare<unknown[], Row>(sql);
  const decode = (row: Row): z.output<Schema> => decodeRow(name, schema, row);
  return {
    all: (...parameters: unknown[]) => statement.all(...parameters).map(decode),
    first: (...parameters: unknown[]) => {
      const row = statement.get(...parameters);
      return row ? decode(row) : null;
    },
  };
}
