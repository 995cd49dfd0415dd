import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../../eval/cli/main.ts", import.meta.url));

/** How a command ended: by its exit code, or by a signal. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  /** What it wrote to stderr. */
  readonly said: string;
}

/** `oncall …` in a process of its own, as its users start it. */
export class Player {
  readonly ended: Promise<Ended>;
  /** Fulfilled when it begins to play. */
  readonly launched: Promise<void>;
  readonly #child: ChildProcess;

  constructor(args: readonly string[], folder: string) {
    const child = spawn(process.execPath, ["--import", "tsx", PROGRAM, ...args], {
      env: { PATH: process.env.PATH, HOME: folder },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#child = child;
    this.launched = new Promise((resolve) => {
      child.stderr.on("data", (text: Buffer) => {
        if (String(text).includes("Run ")) resolve();
      });
    });
    this.ended = this.#end();
  }

  signal(name: "SIGKILL" | "SIGINT"): void {
    this.#child.kill(name);
  }

  async #end(): Promise<Ended> {
    let said = "";
    this.#child.stderr?.on("data", (text: Buffer) => {
      said += String(text);
    });
    const [code, signal] = (await once(this.#child, "close")) as [number | null, string | null];
    return { code, signal, said };
  }
}
