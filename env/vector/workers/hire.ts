import { MessageChannel } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import type { Span } from "../lanes.ts";
import { FAIL_SCRIPT, Line } from "./shared.ts";
import { startThread } from "./thread.ts";
import type { WorkerOrder } from "./worker.ts";

/** A worker thread as the main thread sees it. */
export interface Hired {
  readonly line: Line;
  readonly port: MessagePort;
  readonly span: Span;
}

/** Starts a thread for a part of the environments. It does not keep the process alive. */
export function hire(order: Omit<WorkerOrder, "port">): Hired {
  const { port1: port, port2 } = new MessageChannel();
  startThread({
    module: new URL("worker", import.meta.url).href,
    data: { ...order, port: port2 },
    transfer: [port2],
    failScript: `
      const { port, worker, memory: { words } } = workerData;
      port.postMessage(reason);
      ${FAIL_SCRIPT}
    `,
  });
  port.unref();
  return { line: new Line(order.memory, order.worker), port, span: order.span };
}
