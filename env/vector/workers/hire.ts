import { MessageChannel, Worker } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import type { Span } from "../lanes.ts";
import { FAIL_SCRIPT, Line } from "./shared.ts";
import type { WorkerOrder } from "./worker.ts";

/** A worker thread as the main thread sees it. */
export interface Hired {
  readonly line: Line;
  readonly port: MessagePort;
  readonly span: Span;
}

const isTypeScript = import.meta.url.endsWith(".ts");

/**
 * A thread does not inherit what lets this one read TypeScript, so it begins in JavaScript and asks for it. This thread
 * may sleep from now on: a thread that cannot start says so through the shared memory.
 */
const BOOT = `
const { workerData } = require("node:worker_threads");
const { tsx, entry, port, worker, memory: { words } } = workerData;
const ready = tsx === null ? Promise.resolve() : import(tsx).then(({ register }) => void register());
ready.then(() => import(entry)).catch((error) => {
  port.postMessage(String(error?.stack ?? error));
  ${FAIL_SCRIPT}
});
`;

/** Starts a thread for a part of the environments. It does not keep the process alive. */
export function hire(order: Omit<WorkerOrder, "port">): Hired {
  const { port1: port, port2 } = new MessageChannel();
  const thread = new Worker(BOOT, {
    eval: true,
    workerData: {
      ...order,
      port: port2,
      entry: new URL(`./worker.${isTypeScript ? "ts" : "js"}`, import.meta.url).href,
      tsx: isTypeScript ? import.meta.resolve("tsx/esm/api") : null,
    },
    transferList: [port2],
  });
  thread.unref();
  port.unref();
  return { line: new Line(order.memory, order.worker), port, span: order.span };
}
