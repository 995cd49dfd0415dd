import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ProbeAnswer } from "./probe.ts";

export interface ServerOptions {
  /** By flag without its dashes: `max-sessions`. Results are stored where `db` names a file only. */
  readonly flags?: Readonly<Record<string, string | number | true>>;
  /** Modules that its process loads before anything else. */
  readonly preload?: readonly URL[];
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

const PROGRAM = fileURLToPath(new URL("../../../eval/cli/main.ts", import.meta.url));
const PROBE = new URL("probe.ts", import.meta.url);
const NOTICE = /oncall-gym listens on (http:\S+)\n/;
const AGENTS_NOTICE = /agents alone: (http:\S+)\/e\/<handle>\n/;
const START_MS = 30_000;

/** Whether a process's memory and open files can be read here. */
export const canLookInside = existsSync("/proc/self/status");

/** Starts `oncall serve` on a free port and waits until it listens. */
export async function startServer({ flags = {}, preload = [] }: ServerOptions = {}): Promise<ServerProcess> {
  const loaded = ["tsx", PROBE.href, ...preload.map(({ href }) => href)];
  const given: [string, string | number | true][] = Object.entries({ port: 0, ...flags });
  if (!("db" in flags)) given.push(["no-db", true]);
  const args = [
    "--expose-gc",
    ...loaded.flatMap((module) => ["--import", module]),
    PROGRAM,
    "serve",
    ...given.flatMap(([flag, value]) => (value === true ? [`--${flag}`] : [`--${flag}`, String(value)])),
  ];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const server = new ServerProcess(child);
  await server.listening("agent-port" in flags ? AGENTS_NOTICE : NOTICE, START_MS);
  return server;
}

/** A server in a process of its own, as its users start it. */
export class ServerProcess {
  /** Base address, such as `http://127.0.0.1:41234`. */
  url = "";
  readonly exit: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #log: string[] = [];
  #ended: Exit | null = null;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stderr?.setEncoding("utf8").on("data", (text: string) => this.#log.push(text));
    this.exit = new Promise((resolve) => {
      child.once("close", (code, signal) => resolve((this.#ended = { code, signal })));
    });
  }

  /** Resolves once it has said where it listens, to the last line; rejects with what it said instead. */
  async listening(last: RegExp, withinMs: number): Promise<void> {
    const until = AbortSignal.timeout(withinMs);
    while (!last.test(this.log)) {
      if (this.#ended !== null) throw new Error(`The server did not start:\n${this.log}`);
      await Promise.race([
        once(this.#child.stderr as object as EventTarget & NodeJS.EventEmitter, "data", { signal: until }),
        this.exit,
      ]);
    }
    this.url = NOTICE.exec(this.log)?.[1] as string;
  }

  /** Base address of the listener with the agent plane alone; null without one. */
  get agentUrl(): string | null {
    return AGENTS_NOTICE.exec(this.log)?.[1] ?? null;
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** All that it wrote on stderr. */
  get log(): string {
    return this.#log.join("");
  }

  /** Null while it runs. */
  get ended(): Exit | null {
    return this.#ended;
  }

  /** Resident memory, in MiB. Needs `canLookInside`. */
  rssMib(): number {
    const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, "utf8")) ?? [];
    return Number(kib) / 1024;
  }

  /** Open files and sockets. Needs `canLookInside`. */
  openFiles(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length;
  }

  /** Heap in use once all garbage is gone, in MiB. */
  async heapMib(): Promise<number> {
    const answer = once(this.#child, "message");
    this.#child.send("heap");
    const [{ heapBytes }] = (await answer) as [ProbeAnswer];
    return heapBytes / 2 ** 20;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Ends it as an operator does. */
  stop(): Promise<Exit> {
    this.signal("SIGTERM");
    return this.exit;
  }
}
