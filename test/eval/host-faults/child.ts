import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..", "..");

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program of ours in a process of its own. */
export class Child {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #texts = { stdout: "", stderr: "" };
  #isOver = false;

  /** @param script from the root of the checkout */
  constructor(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(process.execPath, ["--import", "tsx", join(ROOT, script), ...args], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const name of ["stdout", "stderr"] as const) {
      this.#child[name]?.setEncoding("utf8").on("data", (text: string) => (this.#texts[name] += text));
    }
    this.ended = this.#end();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Waits until what it writes to stderr matches. Rejects when it ends before that. */
  said(pattern: RegExp): Promise<void> {
    return this.until(() => pattern.test(this.#texts.stderr), `${pattern}`);
  }

  /** Waits until something holds. Rejects when the process ends before that. */
  async until(holds: () => boolean, what = "what was waited for"): Promise<void> {
    while (!holds()) {
      if (this.#isOver) throw new Error(`It ended without ${what}:\n${this.#texts.stderr}${this.#texts.stdout}`);
      await Promise.race([this.ended, new Promise((resolve) => setTimeout(resolve, 20))]);
    }
  }

  async #end(): Promise<Ended> {
    const [code, signal] = (await once(this.#child, "close")) as [number | null, string | null];
    this.#isOver = true;
    return { code, signal, ...this.#texts };
  }
}

/** `oncall …` as its users start it. */
export const oncall = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Child =>
  new Child("eval/cli/main.ts", args, env);
