import { EXIT } from "./exit.ts";

/** The first SIGINT or SIGTERM aborts the signal, the second ends the process. */
export function onInterrupt(say: () => void): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  const handle = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    say();
    controller.abort(new Error("Stopped by a person."));
  };
  process.on("SIGINT", handle);
  process.on("SIGTERM", handle);
  const dispose = (): void => {
    process.off("SIGINT", handle);
    process.off("SIGTERM", handle);
  };
  return { signal: controller.signal, dispose };
}
