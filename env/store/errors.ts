/** Why the store refused, with what to do about it. The message of each names the field, run or file concerned. */
export const STORE_ERRORS = {
  UNSTORABLE:
    "A value would not come back as it went in: not finite, not well-formed, of the wrong type. Mend the caller.",
  UNREADABLE: "A stored row does not fit this build. The file was changed by hand, or by a faulty program.",
  CONSTRAINT: "The record contradicts what is stored, such as two steps of one number. Nothing of it was kept.",
  NOT_FOUND: "The run, slot or episode named is not stored.",
  RUN_EXISTS: "A run of this id is stored already.",
  SUITE_CHANGED: "A suite or task of this version is stored with other content. Raise its version.",
  LEASE_LOST: "The run is not the caller's to play: it was not taken yet, or another process has taken it over.",
  READ_ONLY: "The store was opened for reading, or the file may not be written.",
  BUSY: "Another process held the write lock for longer than five seconds. Try again.",
  NOT_SAVED: "The disk refused the write. Nothing of the record was kept; try again when there is space.",
  CANNOT_OPEN: "The file cannot be opened: missing, forbidden, or no database.",
  NO_ENGINE: 'Results are kept in a SQLite file or, with "memory:", until the process ends. Name a file.',
  NOT_OURS: "The file is a database of another program.",
  TOO_NEW: "A newer oncall-gym wrote the file. Use that version; the file was left untouched.",
  TOO_OLD: "An older oncall-gym wrote the file, and it was opened for reading only. Open it once for writing.",
  NO_WAL: "The file system cannot do write-ahead logging, as network file systems cannot. Use a local disk.",
  CLOSED: "The store was closed.",
} as const;
export type StoreErrorCode = keyof typeof STORE_ERRORS;

/** Everything that a store throws. `code` is for programs, `message` for people. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, detail: string, options?: ErrorOptions) {
    super(`${detail} ${STORE_ERRORS[code]}`, options);
    this.code = code;
  }
}
