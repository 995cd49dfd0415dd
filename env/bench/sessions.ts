import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { BenchResult } from "./result.ts";
import { compare } from "./rounds.ts";
import { ourScript, SessionLoad } from "./sessions-load.ts";
import type { Load } from "./sessions-load.ts";
import { countingScript, findOpenEnv, startOpenEnv } from "./sessions-openenv.ts";

const FEW = 64;
const MANY = 1024;
/** How long one measurement lasts, in milliseconds. */
const MEASURE_MS = 1000;
const IDLE_SESSIONS = 1000;
const KIB = 1024;

/** P6: 64 sessions against a bare WebSocket server that answers each message with a text of the same length. */
export async function benchSessions(): Promise<BenchResult> {
  const ours = await startOurs(FEW);
  const { bytes } = await ours.run();
  const bare = await startBare(Math.round(bytes), FEW);
  const result = await compare({
    id: "P6",
    title: `WebSocket, ${FEW} sessions, replies of ${Math.round(bytes)} bytes on average`,
    unit: "steps/s",
    target: "≥ 0.55",
    bound: "JSON.stringify of the observation, then the step itself",
    baseline: { name: "bare ws, fixed reply", run: async () => (await bare.run()).stepsPerS },
    ours: { name: "steps", run: async () => (await ours.run()).stepsPerS },
  });
  ours.stop();
  bare.stop();
  return result;
}

/** P6 against what OpenEnv's users have: its Python server, with an environment that only counts. */
export const benchSessionsOpenEnv = (): Promise<BenchResult> =>
  againstOpenEnv({ id: "P6-openenv", sessions: FEW, unit: "steps/s", target: "≥ 3", of: ({ stepsPerS }) => stepsPerS });

/** P7: 1,024 sessions, steps per second. */
export const benchManySessions = (): Promise<BenchResult> =>
  againstOpenEnv({ id: "P7", sessions: MANY, unit: "steps/s", target: "≥ 8", of: ({ stepsPerS }) => stepsPerS });

/** P7: 1,024 sessions, the latency that one request in a hundred exceeds. */
export const benchManySessionsLatency = (): Promise<BenchResult> =>
  againstOpenEnv({ id: "P7-p99", sessions: MANY, unit: "ms", target: "≤ 0.25", of: ({ p99Ms }) => p99Ms });

/** P8: what one more session costs that has an episode and does nothing, from the 1,000th to the 3,000th. */
export async function benchIdleMemory(): Promise<BenchResult> {
  const perSession = async (kind: string): Promise<number> => {
    const server = await start(kind);
    const first = await settle(server, IDLE_SESSIONS);
    const before = await server.rss();
    const others = await settle(server, 2 * IDLE_SESSIONS);
    const after = await server.rss();
    residentMib = before / KIB / KIB;
    for (const load of [first, others]) load.close();
    server.stop();
    return (after - before) / KIB / (2 * IDLE_SESSIONS);
  };
  let residentMib = 0;
  const result = await compare({
    id: "P8",
    title: "memory of an idle session",
    unit: "KiB",
    target: `≤ 60 KiB; ${IDLE_SESSIONS} sessions ≤ 200 MiB resident in all`,
    bound: "the socket and its buffers, then the state of the world",
    baseline: { name: "bare ws, toy session", run: () => perSession("1000") },
    ours: { name: "session", run: () => perSession("ours") },
  });
  return { ...result, title: `${result.title}; ${residentMib.toFixed(0)} MiB resident with ${IDLE_SESSIONS}` };
}

interface OpenEnvComparison {
  readonly id: string;
  readonly sessions: number;
  readonly unit: string;
  readonly target: string;
  readonly of: (load: Load) => number;
}

/** Where there is no Python with OpenEnv, a bare server stands in, and the title says that nothing was compared. */
async function againstOpenEnv({ id, sessions, unit, target, of }: OpenEnvComparison): Promise<BenchResult> {
  const ours = await startOurs(sessions);
  const bytes = Math.round((await ours.run()).bytes);
  const python = findOpenEnv();
  if (python === null) process.stderr.write(`${id}: ${NOT_COMPARED}\n`);
  const other = python === null ? await startBare(bytes, sessions) : await startPython(python, bytes, sessions);
  const result = await compare({
    id,
    title: `WebSocket, ${sessions} sessions, replies of ${bytes} bytes${python === null ? `: ${NOT_COMPARED}` : ""}`,
    unit,
    target: python === null ? `${target} of OpenEnv's server: NOT COMPARED` : target,
    bound: "JSON.stringify of the observation, then the step itself",
    baseline: {
      name: python === null ? "bare ws" : "OpenEnv's server, counting",
      run: async () => of(await other.run()),
    },
    ours: { name: "ours", run: async () => of(await ours.run()) },
  });
  ours.stop();
  other.stop();
  return result;
}

const NOT_COMPARED =
  "OPENENV WAS NOT MEASURED: no Python here has it. `npm run test:python` installs one; ONCALL_PYTHON names another.";

interface Side {
  run(): Promise<Load>;
  stop(): void;
}

async function startOurs(sessions: number): Promise<Side> {
  const server = await start("ours");
  return side(server, await SessionLoad.open(server.url, sessions, ourScript()));
}

async function startBare(bytes: number, sessions: number): Promise<Side> {
  const server = await start(String(bytes));
  return side(server, await SessionLoad.open(server.url, sessions, ourScript()));
}

async function startPython(python: string, bytes: number, sessions: number): Promise<Side> {
  const server = await startOpenEnv(python, bytes);
  return side(server, await SessionLoad.open(server.url, sessions, countingScript));
}

const side = (server: { stop(): void }, load: SessionLoad): Side => ({
  run: () => load.run(MEASURE_MS),
  stop() {
    load.close();
    server.stop();
  },
});

interface Server {
  readonly url: string;
  /** Resident memory in bytes, after its garbage is gone. */
  rss(): Promise<number>;
  stop(): void;
}

async function start(kind: string): Promise<Server> {
  const execArgv = [...process.execArgv, "--expose-gc"];
  const child = fork(join(import.meta.dirname, "sessions-server.ts"), [kind], { execArgv });
  const [url] = (await once(child, "message")) as [string];
  return {
    url,
    async rss() {
      const told = once(child, "message");
      child.send("memory");
      return ((await told) as [number])[0];
    },
    stop: () => void child.kill(),
  };
}

/** Sessions that have an episode and wait. */
async function settle(server: Server, sessions: number): Promise<SessionLoad> {
  const load = await SessionLoad.open(server.url, sessions, ourScript());
  await load.reset();
  return load;
}
