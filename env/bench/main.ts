import { benchReset, benchStep, benchTick } from "./core.ts";
import type { BenchResult } from "./result.ts";
import { run as benchSocket } from "./socket.ts";

/** A measurement that compares two things in one run. */
export interface Benchmark {
  /** As in the list of targets. */
  readonly id: string;
  readonly title: string;
  readonly run: () => Promise<BenchResult>;
}

export const benchmarks: readonly Benchmark[] = [
  { id: "P1", title: "structured step, in process", run: benchStep },
  { id: "P3", title: "reset with a fresh seed", run: benchReset },
  { id: "P4", title: "one tick of the world", run: benchTick },
  { id: "P5", title: "WebSocket, one session, against bare ws", run: () => benchSocket() },
];
