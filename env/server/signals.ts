/** Longest time that a shutdown may take; Kubernetes kills after 30 s. */
const DRAIN_MS = 10_000;

/**
 * Ends the process in good order on SIGTERM or SIGINT: closes, then exits with 0, at the latest after 10 s whatever the
 * clients do. A second signal exits at once.
 * @param close what has to be closed first
 */
export function closeOnSignals(close: () => Promise<void>): void {
  let closing = false;
  const stop = (): void => {
    if (closing) process.exit(1);
    closing = true;
    setTimeout(() => process.exit(0), DRAIN_MS).unref();
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}
