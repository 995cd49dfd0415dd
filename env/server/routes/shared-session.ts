import type { LiveSession } from "../../session/live-session.ts";
import type { Sessions } from "../../session/sessions.ts";

/** The one session of all calls that name none, for scripts that expect a server with a memory. */
export class SharedSession {
  readonly #sessions: Sessions;
  #id: string | null = null;
  #opening: Promise<LiveSession | null> | null = null;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  /** Null before the first reset, and once its time is over. */
  get present(): LiveSession | null {
    return this.#id === null ? null : this.#sessions.find(this.#id);
  }

  /** Opened if need be, once for all who ask at the same time; null when there is no slot. */
  async open(): Promise<LiveSession | null> {
    const { present } = this;
    if (present !== null) return present;
    this.#opening ??= this.#sessions.open({ carrier: null });
    const live = await this.#opening;
    this.#opening = null;
    this.#id = live?.id ?? null;
    return live;
  }
}
