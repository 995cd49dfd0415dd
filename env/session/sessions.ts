import type { Suite } from "../core/task.ts";
import type { Limits } from "./limits.ts";
import { Session } from "./session.ts";
import { Slots } from "./slots.ts";
import type { SlotHolder } from "./slots.ts";

/** A session and the slot that it occupies. */
export interface OpenSession {
  readonly session: Session;
  /** Frees the slot, at once. */
  release(): void;
}

/** The sessions of one server. */
export class Sessions {
  readonly #suite: Suite;
  readonly #waitMs: number;
  readonly #slots: Slots;

  constructor(suite: Suite, limits: Limits) {
    this.#suite = suite;
    this.#waitMs = limits.slotWaitMs;
    this.#slots = new Slots(limits.maxSessions);
  }

  /** Opens a session once there is a slot for it; null when there is none in time, or the signal is aborted. */
  async open(holder: SlotHolder, signal: AbortSignal): Promise<OpenSession | null> {
    const slot = await this.#slots.take(holder, this.#waitMs, signal);
    return slot === null ? null : { session: new Session(this.#suite), release: () => slot.release() };
  }

  /** How full the server is, in the words of OpenEnv's refusal. */
  get load(): { readonly active_sessions: number; readonly max_sessions: number } {
    return { active_sessions: this.#slots.active, max_sessions: this.#slots.max };
  }
}
