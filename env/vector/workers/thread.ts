import { Worker } from "node:worker_threads";
import type { Transferable } from "node:worker_threads";

const isTypeScript = import.meta.url.endsWith(".ts");

/** What a thread is started with. */
export interface ThreadOrder {
  /** Address of its module, without the ending. */
  readonly module: string;
  /** What it finds as `workerData`. */
  readonly data: object;
  readonly transfer: readonly Transferable[];
  /** Plain JavaScript for a thread that cannot start; `workerData` and `reason`, a text, are at hand. */
  readonly failScript: string;
}

/**
 * Starts a thread, which does not keep the process alive. It does not inherit what lets this one read TypeScript, so it
 * begins in JavaScript and asks for it. Whoever starts it may sleep from now on: a thread that cannot start must say so
 * through shared memory.
 */
export function startThread({ module, data, transfer, failScript }: ThreadOrder): void {
  const boot = `
    const { workerData } = require("node:worker_threads");
    const { tsx, entry } = workerData;
    const ready = tsx === null ? Promise.resolve() : import(tsx).then(({ register }) => void register());
    ready.then(() => import(entry)).catch((error) => {
      const reason = String(error?.stack ?? error);
      ${failScript}
    });
  `;
  const thread = new Worker(boot, {
    eval: true,
    workerData: {
      ...data,
      entry: `${module}.${isTypeScript ? "ts" : "js"}`,
      tsx: isTypeScript ? import.meta.resolve("tsx/esm/api") : null,
    },
    transferList: [...transfer],
  });
  thread.unref();
}
