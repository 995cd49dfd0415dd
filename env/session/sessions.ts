import type { Suite } from "../core/task.ts";
import { newId } from "./ids.ts";
import type { Limits } from "./limits.ts";
import { LiveSession } from "./live-session.ts";
import { Session } from "./session.ts";
import { Slots } from "./slots.ts";
import type { SlotHolder } from "./slots.ts";

/** The sessions of one server, by id and by the handle of their present episode. */
export class Sessions {
  readonly #suite: Suite;
  readonly #waitMs: number;
  readonly #nodeId: string;
  readonly #slots: Slots;
  readonly #byId = new Map<string, LiveSession>();
  readonly #byHandle = new Map<string, LiveSession>();

  /** @param nodeId begins every id where several servers share an address; empty on a single one */
  constructor(suite: Suite, limits: Limits, nodeId = "") {
    this.#suite = suite;
    this.#waitMs = limits.slotWaitMs;
    this.#nodeId = nodeId;
    this.#slots = new Slots(limits.maxSessions);
  }

  /** Opens a session once there is a slot for it; null when there is none in time, or the signal is aborted. */
  async open(holder: SlotHolder, signal: AbortSignal): Promise<LiveSession | null> {
    const slot = await this.#slots.take(holder, this.#waitMs, signal);
    if (slot === null) return null;
    const session = new LiveSession(
      newId(this.#nodeId),
      new Session(this.#suite),
      slot,
      (of) => this.#newHandle(of),
      (gone) => this.#forget(gone),
    );
    this.#byId.set(session.id, session);
    return session;
  }

  /** An environment for one call that shares nothing with any other. It takes no slot. */
  temporary(): Session {
    return new Session(this.#suite);
  }

  find(id: string): LiveSession | null {
    return this.#byId.get(id) ?? null;
  }

  findByHandle(handle: string): LiveSession | null {
    const found = this.#byHandle.get(handle) ?? null;
    return found?.knownHandle === handle ? found : null;
  }

  /** Every open session. */
  all(): Iterable<LiveSession> {
    return this.#byId.values();
  }

  /** How full the server is, in the words of OpenEnv's refusal. */
  get load(): { readonly active_sessions: number; readonly max_sessions: number } {
    return { active_sessions: this.#slots.active, max_sessions: this.#slots.max };
  }

  #newHandle(of: LiveSession): string {
    const handle = newId(this.#nodeId);
    this.#byHandle.set(handle, of);
    return handle;
  }

  #forget(gone: LiveSession): void {
    this.#byId.delete(gone.id);
    if (gone.knownHandle !== null) this.#byHandle.delete(gone.knownHandle);
  }
}
