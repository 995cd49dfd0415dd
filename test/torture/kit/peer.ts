import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** A client in a process of its own, so that it can be frozen or keep a core busy without holding up who measures. */
export class Peer<Result> {
  readonly #child: ChildProcess;

  /**
   * Starts a script that calls `asPeer`, and waits until it is ready.
   * @param script as `new URL("peers/flood.ts", import.meta.url)`
   */
  static async start<Result>(script: URL, ...args: readonly (string | number)[]): Promise<Peer<Result>> {
    const child = fork(script, args.map(String), { execArgv: ["--import", "tsx"] });
    const failed = once(child, "exit").then(() => {
      throw new Error(`${script.pathname} ended before it was ready.`);
    });
    await Promise.race([once(child, "message"), failed]);
    failed.catch(() => {}); // it may end now
    return new Peer(child);
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** SIGSTOP freezes it, SIGCONT wakes it. */
  signal(name: "SIGSTOP" | "SIGCONT" | "SIGKILL"): void {
    this.#child.kill(name);
  }

  /** Ends it and returns what it found. */
  async stop(): Promise<Result> {
    const result = once(this.#child, "message");
    this.#child.send("stop");
    const [found] = (await result) as [Result];
    this.#child.disconnect();
    return found;
  }
}

/**
 * The other side: tells the parent that everything is set up, and on its word what was found.
 * @param stop ends what runs; the process ends with it
 */
export async function asPeer<Result extends object>(stop: () => Promise<Result> | Result): Promise<void> {
  process.send?.("ready");
  const parent = once(process, "message");
  const orphaned = once(process, "disconnect").then(() => process.exit(1));
  await Promise.race([parent, orphaned]);
  process.send?.(await stop(), () => process.exit(0));
}
