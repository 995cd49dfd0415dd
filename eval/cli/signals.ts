import { EXIT } from "./exit.ts";

/**
 * What SIGINT and SIGTERM do: the first of them the first step, and so on; one more ends the process.
 * @returns gives the signals back
 */
export function onSignals(steps: readonly (() => void)[]): () => void {
  const left = [...steps];
  const handle = (): void => {
    const step = left.shift();
    if (step === undefined) process.exit(EXIT.interrupted);
    step();
  };
  process.on("SIGINT", handle);
  process.on("SIGTERM", handle);
  return () => {
    process.off("SIGINT", handle);
    process.off("SIGTERM", handle);
  };
}

/** The first signal aborts, the second ends the process. */
export function onInterrupt(say: () => void): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  const abort = (): void => {
    say();
    controller.abort(new Error("Stopped by a person."));
  };
  return { signal: controller.signal, dispose: onSignals([abort]) };
}
