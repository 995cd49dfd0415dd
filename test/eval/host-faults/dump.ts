import Database from "better-sqlite3";

type Rows = readonly Readonly<Record<string, unknown>>[];

/** Every row of every table, in the order of the file. */
export function dump(file: string): Readonly<Record<string, Rows>> {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const tables = db
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .pluck()
      .all();
    return Object.fromEntries(
      tables.map((table) => [table, db.prepare(`SELECT * FROM "${table}" ORDER BY rowid`).all() as Rows]),
    );
  } finally {
    db.close();
  }
}
