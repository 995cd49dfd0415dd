import type { Reference } from "../../agents/agent.ts";
import type { Benchmark } from "../../env/bench/main.ts";
import type { EnvClient } from "../../env/client/client.ts";
import type { SessionJournal } from "../../env/contract/journal.ts";
import type { Suite, Task } from "../../env/core/task.ts";
import type { Backend } from "../../env/store/backend.ts";
import type { ResultStore } from "../../env/store/store.ts";
import type { ReportInput } from "../../plots/data.ts";
import type { AgentPlane } from "../agent-plane.ts";
import type { CurvePoint } from "../train/curve.ts";

/** A server that runs. */
export interface RunningServer {
  readonly url: string;
  /** Lines for people: where it listens, and a warning if anyone may connect. */
  readonly notices: readonly string[];
  readonly close: () => Promise<void>;
}

/** A setting of the server, as a flag of the command line. */
export interface ServerFlag {
  /** `maxSessions` */
  readonly name: string;
  /** `--max-sessions` */
  readonly flag: string;
  readonly summary: string;
  readonly variables: readonly string[];
  readonly isSwitch: boolean;
  /** Whether the flag may stand without its value. */
  readonly valueOptional: boolean;
}

/** What is done with what is played on a server. */
export interface Records {
  /** Told of every session. */
  readonly journals: readonly SessionJournal[];
  /** False while results cannot be saved. */
  readonly saving: () => boolean;
}

/** What is wrong with one instance of a task. */
export interface InstanceProblem {
  readonly task: string;
  readonly seed: number;
  readonly sibling: number;
  readonly check: string;
  readonly detail: string;
}

/** What `main.ts` hands to the commands, because no other layer may reach across. */
export interface Wiring {
  /** The suite in use; `--suite` decides it just before a command runs, so it is read there and not earlier. */
  readonly suite: Suite;
  /** A suite from a folder, a file, an address or a frozen one by `name@version`, and the JSON it was, if it was. */
  readonly loadSuite: (where: string) => Promise<{ readonly suite: Suite; readonly document: unknown }>;
  /** Where frozen suites are kept. */
  readonly frozenFolder: string;
  readonly referenceFor: (task: Task, seed: number) => Reference;
  readonly validateInstance: (task: Task, seed: number, sibling: number) => readonly InstanceProblem[];
  readonly openStore: (path: string, readOnly: boolean) => Promise<ResultStore>;
  /** Results and queue, for a run to be played. */
  readonly openBackend: (path: string) => Promise<Backend>;
  /** Copies the results of other files into one, which is made if need be. */
  readonly mergeFiles: (db: string, files: readonly string[]) => readonly MergedFile[];
  /** Environments in this process. */
  readonly connectLocal: () => Promise<EnvClient>;
  readonly connectTo: (url: string) => Promise<EnvClient>;
  /** An environment in this process, at once. */
  readonly nearby: () => EnvClient;
  /** A listener on loopback, where outside programs play. */
  readonly openPlane: () => Promise<AgentPlane>;
  readonly serverFlags: readonly ServerFlag[];
  /** Starts the environment server with settings by name, and returns once it listens. */
  readonly serve: (settings: Readonly<Record<string, unknown>>, records?: Records) => Promise<RunningServer>;
  /** Drains within ten seconds on SIGTERM or SIGINT and ends the process; a second signal ends it at once. */
  readonly closeOnSignals: (close: () => Promise<void>) => void;
  readonly drawRun: (input: ReportInput) => Promise<DrawnRun>;
  /** What draws the learning curve of a training as SVG; null when there is nothing to show. */
  readonly learningCurve: () => Promise<(points: readonly CurvePoint[]) => Promise<string | null>>;
  readonly benchmarks: () => Promise<readonly Benchmark[]>;
}

/** What a file of results brought to another. */
export interface MergedFile {
  readonly file: string;
  readonly runs: number;
  readonly slots: number;
  readonly episodes: number;
  /** Attempts that were there already. */
  readonly already: number;
}

/** Figures and page of a run, as text. */
export interface DrawnRun {
  readonly figures: readonly { readonly name: string; readonly svg: string }[];
  readonly report: string;
}
