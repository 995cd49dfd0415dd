import { benchEvaluation, benchEvaluationNearby } from "../../eval/bench/evaluation.ts";
import { benchLeaderboard, benchManyEpisodes } from "../../eval/bench/leaderboard.ts";
import { benchReset, benchStep, benchTick } from "./core.ts";
import type { BenchResult } from "./result.ts";
import { benchServerStart } from "./server-start.ts";
import {
  benchIdleMemory,
  benchManySessions,
  benchManySessionsLatency,
  benchSessions,
  benchSessionsOpenEnv,
} from "./sessions.ts";
import { run as benchSocket } from "./socket.ts";
import { benchLateSteps, benchManyEnvs, benchVector, benchVectorHeap, benchWorkers } from "./vector.ts";
import { benchVectorSocket } from "./vector-socket.ts";

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
  { id: "P6", title: "WebSocket, 64 sessions, against bare ws", run: benchSessions },
  { id: "P6-openenv", title: "WebSocket, 64 sessions, against OpenEnv's server", run: benchSessionsOpenEnv },
  { id: "P7", title: "WebSocket, 1,024 sessions, against OpenEnv's server", run: benchManySessions },
  { id: "P7-p99", title: "their latency, against OpenEnv's server", run: benchManySessionsLatency },
  { id: "P8", title: "memory of an idle session", run: benchIdleMemory },
  { id: "P9", title: "vector, in process", run: benchVector },
  { id: "P9-heap", title: "heap of a long vector run", run: benchVectorHeap },
  { id: "P10", title: "vector over one binary socket, against in process", run: benchVectorSocket },
  { id: "P11", title: "vector, two worker threads against one", run: benchWorkers },
  { id: "P12", title: "vector, many environments against one", run: benchManyEnvs },
  { id: "P12-late", title: "a look late in an episode against an early one", run: benchLateSteps },
  { id: "P12-leaderboard", title: "oncall leaderboard, ten times the episodes", run: benchManyEpisodes },
  { id: "P13", title: "evaluation through server and store", run: benchEvaluation },
  { id: "P13-nearby", title: "evaluation in one process", run: benchEvaluationNearby },
  { id: "P14", title: "start of oncall serve", run: benchServerStart },
  { id: "P14-leaderboard", title: "oncall leaderboard on 10,000 episodes", run: benchLeaderboard },
];
