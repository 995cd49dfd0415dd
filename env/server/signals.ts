/** Longest time that a shutdown may take; Kubernetes kills after 30 s. */
const DRAIN_MS = 10_000;

/**
 * Ends the process in good order on SIGTERM or SIGINT: closes, then exits with 0, at the latest after 10 s whatever the
 * clients do. A second signal exits at once. After an error that nobody caught nothing can be relied upon: it is told
 * on stderr, and the process ends in the same way, with 1.
 * @param close what has to be closed first
 */
export function closeOnSignals(close: () => Promise<void>): void {
  let closing = false;
  const stop = (code: number): void => {
    if (closing) process.exit(1);
    closing = true;
    setTimeout(() => process.exit(code), DRAIN_MS).unref();
    close().then(
      () => process.exit(code),
      () => process.exit(1),
    );
  };
  process.on("SIGTERM", () => stop(0));
  process.on("SIGINT", () => stop(0));
  process.on("uncaughtException", (error) => {
    process.stderr.write(`unexpected error, the server ends: ${error.stack ?? String(error)}\n`);
    stop(1);
  });
}
