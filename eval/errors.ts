/** A mistake in what was asked for: the command line, a file, a combination. Exit code 2. */
export class UsageError extends Error {
  /** A command that helps. */
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null) {
    super(message);
    this.name = "UsageError";
    this.hint = hint;
  }
}
