import Database from "better-sqlite3";
import { StoreError } from "../errors.ts";
import type { StoreErrorCode } from "../errors.ts";

/** By the beginning of SQLite's own code; its extended codes append to these. */
const CODES: readonly (readonly [prefix: string, code: StoreErrorCode])[] = [
  ["SQLITE_CONSTRAINT", "CONSTRAINT"],
  ["SQLITE_READONLY", "READ_ONLY"],
  ["SQLITE_BUSY", "BUSY"],
  ["SQLITE_FULL", "NOT_SAVED"],
  ["SQLITE_IOERR", "NOT_SAVED"],
  ["SQLITE_CANTOPEN", "CANNOT_OPEN"],
  ["SQLITE_NOTADB", "CANNOT_OPEN"],
  ["SQLITE_CORRUPT", "CANNOT_OPEN"],
  ["SQLITE_PERM", "CANNOT_OPEN"],
  ["SQLITE_AUTH", "CANNOT_OPEN"],
];

/** The driver's error as the store's, so that nothing above knows the driver; what is no driver's error stays. */
export function asStoreError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const known = CODES.find(([prefix]) => error.code.startsWith(prefix));
  return known ? new StoreError(known[1], `${error.message} (${error.code}).`, { cause: error }) : error;
}
