import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { StoreError } from "../errors.ts";
import { asStoreError } from "../sqlite/errors.ts";
import { connect, create } from "../sqlite/open.ts";

/** An open database file of sessions. */
export type JournalFile = ReturnType<typeof connect>;

/** "ONCJ", in the file's header: how a journal is told from results and from other programs' databases. */
const APPLICATION_ID = 0x4f4e434a;
const VERSION = 1;

/** `played` is the first reset at 0 and steps after it, in V8's own format: JSON would lose numbers beyond all bounds. */
const SCHEMA = `
  CREATE TABLE session (
    session_id   TEXT NOT NULL PRIMARY KEY,
    agent        TEXT NOT NULL,
    bound        INTEGER NOT NULL CHECK (bound IN (0, 1)),
    token_hashes TEXT NOT NULL CHECK (json_valid(token_hashes))
  ) STRICT;
  CREATE TABLE entry (
    session_id TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
    ordinal    INTEGER NOT NULL,
    played     BLOB NOT NULL,
    sha256     TEXT NOT NULL,
    PRIMARY KEY (session_id, ordinal)
  ) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${VERSION};
`;

/**
 * Opens a journal, creating it if need be. It belongs to one server at a time: the lock is kept until the file is
 * closed or the process ends, however it ends.
 * @throws StoreError BUSY while another server has it; NOT_OURS, TOO_NEW, NO_WAL or CANNOT_OPEN
 */
export function openJournalFile(path: string): JournalFile {
  const file = resolve(path);
  try {
    if (!existsSync(file)) create(file);
    const db = connect(file, false);
    try {
      db.pragma("locking_mode = EXCLUSIVE");
      db.transaction(() => prepare(db, file)).exclusive();
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    const known = asStoreError(error);
    if (known instanceof StoreError && known.code === "BUSY") {
      throw new StoreError("BUSY", `${file} keeps the sessions of another server.`, { cause: error });
    }
    if (known instanceof StoreError) throw known;
    throw new StoreError("CANNOT_OPEN", `${file}: ${(error as Error).message}.`, { cause: error });
  }
}

function prepare(db: JournalFile, file: string): void {
  const id = db.pragma("application_id", { simple: true });
  const version = db.pragma("user_version", { simple: true }) as number;
  const isEmpty = db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined;
  if (isEmpty) db.exec(SCHEMA);
  else if (id !== APPLICATION_ID) throw new StoreError("NOT_OURS", `${file} is no journal of sessions.`);
  else if (version > VERSION) throw new StoreError("TOO_NEW", `${file} has schema ${version}, this build ${VERSION}.`);
}
