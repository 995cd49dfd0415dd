import { readPauseFile } from "./provider/pause-file.ts";
import type { PauseRequest } from "./provider/pause-file.ts";

const URGENCY: Readonly<Record<PauseRequest, number>> = { none: 0, episode: 1, now: 2 };

/**
 * Who wants a run to stop, and how soon: a person's signals, the pause file, a process that has taken the run over. A
 * wish is never taken back within a sitting, it can only become more urgent.
 */
export class Stops {
  readonly #pauseFile: string | null;
  readonly #now = new AbortController();
  #wish: PauseRequest = "none";
  #reason: string | null = null;

  /** @param pauseFile looked at again and again; null for none */
  constructor(pauseFile: string | null = null) {
    this.#pauseFile = pauseFile;
  }

  /** @param reason for people; the one of the most urgent wish is kept */
  ask(wish: PauseRequest, reason: string): void {
    if (URGENCY[wish] <= URGENCY[this.#wish]) return;
    this.#wish = wish;
    this.#reason = reason;
    if (wish === "now") this.#now.abort(new Error(reason));
  }

  /** Looks at the pause file. */
  look(): void {
    if (this.#pauseFile !== null) this.ask(readPauseFile(this.#pauseFile), `the pause file ${this.#pauseFile}`);
  }

  /** Whether no further episode may begin. */
  get isWanted(): boolean {
    return this.#wish !== "none";
  }

  /** Aborted when nothing more may be sent, either. */
  get signal(): AbortSignal {
    return this.#now.signal;
  }

  get reason(): string | null {
    return this.#reason;
  }
}
