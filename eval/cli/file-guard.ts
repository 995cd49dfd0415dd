import { statSync } from "node:fs";
import { StoreError } from "../../env/store/errors.ts";

/**
 * Watches that a database is still the file that was opened, and its log too: an open file can be written to long after
 * somebody has deleted or replaced it, and all of that is lost.
 */
export class FileGuard {
  readonly #names: readonly string[];
  /** Which file had which name when it was first looked at. */
  readonly #known = new Map<string, string>();

  /** @param db its path; a database in memory has no file, and is always in its place */
  constructor(db: string) {
    this.#names = [db, `${db}-wal`];
    this.isInPlace();
  }

  /** Look every second or so: the log is made some time after the file. */
  isInPlace(): boolean {
    return this.#names.every((name) => {
      const now = identityOf(name);
      const before = this.#known.get(name) ?? now;
      if (before !== null) this.#known.set(name, before);
      return now === before;
    });
  }

  /**
   * @param rescue where all of it is besides
   * @throws StoreError CANNOT_OPEN
   */
  assertInPlace(runId: string, rescue: string): void {
    if (this.isInPlace()) return;
    const [db = ""] = this.#names;
    throw new StoreError(
      "CANNOT_OPEN",
      `${db} or its -wal file was deleted or replaced while run ${runId} was played. Its checkpoints are in ${rescue}: ` +
        `move what is left of the database away, and oncall resume ${runId} goes on from them.`,
    );
  }
}

/** Null when there is none. */
function identityOf(file: string): string | null {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.dev}/${stat.ino}`;
}
