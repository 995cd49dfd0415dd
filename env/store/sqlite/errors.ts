import { StoreError } from "../errors.ts";
import type { StoreErrorCode } from "../errors.ts";

/** By the beginning of the code: SQLite's extended codes append to its own. The last three are the system's. */
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
  ["ENOSPC", "NOT_SAVED"],
  ["EDQUOT", "NOT_SAVED"],
  ["EIO", "NOT_SAVED"],
];

/** The driver's or system's error as the store's, so that nothing above knows the driver; any other stays. */
export function asStoreError(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error) || error instanceof StoreError) return error;
  const code = String(error.code);
  const known = CODES.find(([prefix]) => code.startsWith(prefix));
  return known ? new StoreError(known[1], `${error.message} (${code}).`, { cause: error }) : error;
}
