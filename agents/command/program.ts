import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { OutputTail } from "./output-tail.ts";

/** What is kept of each output stream. */
const KEPT_BYTES = 1024 * 1024;
/** How long output may come after the end: a child of the program may hold the stream open for ever. */
const FLUSH_MS = 500;

export interface ProgramStart {
  /** Program and arguments; no shell reads them. */
  readonly argv: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** From the polite signal to the other one. */
  readonly termMs: number;
}

/** How a program ended: with a code or by a signal, or it never began. */
export type ProgramEnd =
  | { readonly started: true; readonly code: number | null; readonly signal: string | null }
  | { readonly started: false; readonly reason: string };

/** A program in a process group of its own, which ends as a whole. */
export class Program {
  readonly #child: ChildProcess;
  readonly #termMs: number;
  readonly #stdout = new OutputTail(KEPT_BYTES);
  readonly #stderr = new OutputTail(KEPT_BYTES);
  /** Resolves when the program itself has ended; never rejects. */
  readonly ended: Promise<ProgramEnd>;

  constructor({ argv: [file = "", ...args], folder, env, termMs }: ProgramStart) {
    this.#termMs = termMs;
    this.#child = spawn(file, args, { cwd: folder, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.#child.stdout?.on("data", (chunk: Buffer) => this.#stdout.push(chunk));
    this.#child.stderr?.on("data", (chunk: Buffer) => this.#stderr.push(chunk));
    const atExit = (): void => this.#signal("SIGKILL");
    process.once("exit", atExit);
    this.ended = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve({ started: false, reason: error.message }));
      this.#child.once("exit", (code, signal) => resolve({ started: true, code, signal }));
    });
    void this.ended.then(() => process.off("exit", atExit));
  }

  /** Ends the group, politely first; nothing of it is left afterwards. */
  async stop(): Promise<ProgramEnd> {
    this.#signal("SIGTERM");
    await this.#endedWithin(this.#termMs);
    return this.#cleanUp();
  }

  /** Waits for the end, for at most that long, and stops what has not ended by then. */
  async finish(withinMs: number): Promise<ProgramEnd> {
    return (await this.#endedWithin(withinMs)) ? this.#cleanUp() : this.stop();
  }

  get output(): { readonly stdout: string; readonly stderr: string } {
    return { stdout: this.#stdout.text(), stderr: this.#stderr.text() };
  }

  async #endedWithin(ms: number): Promise<boolean> {
    const impatience = new AbortController();
    const late = wait(ms, false, { signal: impatience.signal }).catch(() => false);
    const inTime = await Promise.race([this.ended.then(() => true), late]);
    impatience.abort();
    return inTime;
  }

  /** Children that outlive the program go with it, and what it wrote last is read. */
  async #cleanUp(): Promise<ProgramEnd> {
    this.#signal("SIGKILL");
    const end = await this.ended;
    const streams = [this.#child.stdout, this.#child.stderr].filter((stream) => stream?.closed === false);
    const flushed = Promise.all(streams.map((stream) => once(stream as NodeJS.ReadableStream, "close")));
    await Promise.race([flushed, wait(FLUSH_MS)]);
    for (const stream of streams) stream?.destroy();
    return end;
  }

  #signal(signal: "SIGTERM" | "SIGKILL"): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // The group is gone already.
    }
  }
}
