import { receiveMessageOnPort, workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { Lanes } from "../lanes.ts";
import type { Span } from "../lanes.ts";
import type { LaneOptions } from "../lane.ts";
import type { ResetPlan } from "../requests.ts";
import type { Autoreset } from "../vector-env.ts";
import { batchesIn, COMMANDS, Line } from "./shared.ts";
import type { SharedMemory } from "./shared.ts";

/** What a worker is made with. */
export interface WorkerOrder {
  readonly worker: number;
  readonly span: Span;
  readonly options: LaneOptions;
  readonly autoreset: Autoreset;
  readonly memory: SharedMemory;
  /** Brings what does not fit into shared memory, and takes back what went wrong. */
  readonly port: MessagePort;
}

/** A part of the environments, in a thread of its own, until it is told to end. */
const { worker, span, options, autoreset, memory, port } = workerData as WorkerOrder;
const line = new Line(memory, worker);
const lanes = new Lanes(options, autoreset, span);
const batches = batchesIn(memory, span.of);
const shared = new Uint16Array(memory.actions);

for (let going = true; going;) {
  const { command, buffer, byMessage } = line.next();
  const message: unknown = byMessage ? receiveMessageOnPort(port)?.message : null;
  const batch = batches[buffer as 0 | 1];
  try {
    lanes.begin();
    for (let i = 0; i < span.count; i += 1) {
      if (command === COMMANDS.reset) lanes.reset(i, message as ResetPlan, batch);
      else if (command === COMMANDS.step) {
        lanes.step(i, byMessage ? (message as readonly unknown[])[span.first + i] : shared[span.first + i], batch);
      }
    }
    going = command !== COMMANDS.end;
    line.done(lanes.endedCount);
  } catch (error) {
    port.postMessage(error instanceof Error ? (error.stack ?? error.message) : String(error));
    line.done(null);
  }
}
port.close();
