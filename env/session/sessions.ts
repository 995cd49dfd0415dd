import type { DurableJournal, JournalledSession, KeptSession, SessionJournal } from "../contract/journal.ts";
import type { Suite } from "../core/task.ts";
import { newId } from "./ids.ts";
import type { Limits } from "./limits.ts";
import { LiveSession } from "./live-session.ts";
import type { Carrier } from "./live-session.ts";
import { ResumeTokens } from "./resume-tokens.ts";
import { SeedStream } from "./seed-stream.ts";
import { Session } from "./session.ts";
import { Slots } from "./slots.ts";
import type { Slot, SlotHolder } from "./slots.ts";

/** What sessions are told besides suite and limits. */
export interface SessionsOptions {
  /** Begins every id where several servers share an address; empty on a single one. */
  readonly nodeId?: string;
  readonly journals?: readonly SessionJournal[];
  /** Also told everything; lets sessions of a server that crashed be resumed. */
  readonly durable?: DurableJournal | null;
}

/** How a session is opened. */
export interface OpenRequest {
  /** Who plays through it, and ends it by leaving; null for a session that lives on between calls. */
  readonly carrier: Carrier | null;
  /** Ends the wait for a slot early, when whoever asked has gone. */
  readonly signal?: AbortSignal | undefined;
  /** What the client calls its agent, in stored results. */
  readonly agent?: string | undefined;
}

/** A session that goes on, or why it cannot. */
export type Resumed = LiveSession | "full" | "changed";

/** The agent's name in stored results where the client gives none. */
export const UNNAMED_AGENT = "external";

/** How often sessions that nobody uses are looked for, in milliseconds. */
const REAP_MS = 1000;

/** The sessions of one server, by id and by the handle of their present episode. */
export class Sessions {
  readonly #suite: Suite;
  readonly #limits: Limits;
  readonly #nodeId: string;
  readonly #journals: readonly SessionJournal[];
  readonly #durable: DurableJournal | null;
  readonly #slots: Slots;
  readonly #byId = new Map<string, LiveSession>();
  readonly #byHandle = new Map<string, LiveSession>();
  readonly #reaper: NodeJS.Timeout;
  /** From the end of its window on, what another server left behind is gone. */
  readonly #endOfWindow: NodeJS.Timeout;

  constructor(suite: Suite, limits: Limits, { nodeId = "", journals = [], durable = null }: SessionsOptions = {}) {
    this.#suite = suite;
    this.#limits = limits;
    this.#nodeId = nodeId;
    this.#journals = durable === null ? journals : [...journals, durable];
    this.#durable = durable;
    this.#slots = new Slots(limits.maxSessions);
    this.#reaper = setInterval(() => this.#reap(), REAP_MS).unref();
    this.#endOfWindow = setTimeout(() => durable?.forgetLeftBehind(), limits.detachedMs).unref();
  }

  /** Opens a session once there is a slot for it; null when there is none in time, or the signal is aborted. */
  async open({ carrier, signal, agent = UNNAMED_AGENT }: OpenRequest): Promise<LiveSession | null> {
    const seat = await this.#takeSeat(signal);
    if (seat === null) return null;
    const name = { id: newId(this.#nodeId), agent, bound: carrier !== null };
    const live = this.#seated(seat, name, new Session(this.#suite), []);
    if (carrier !== null) live.attach(carrier);
    return live;
  }

  /**
   * Goes on with a session whose token the client has, also with one that a crashed server left behind. Whoever was
   * connected to it goes. The token is used up: the caller must renew it.
   * @returns null when there is no such session, or this is not its token, and nothing changed then; `changed` when its
   *   episode does not come out as it was, and the session is gone
   */
  async resume(id: string, token: string, carrier: Carrier, signal?: AbortSignal): Promise<Resumed | null> {
    const live = this.find(id);
    if (live === null) return this.#durable === null ? null : this.#restore(this.#durable, id, token, carrier, signal);
    if (!live.opensWith(token)) return null;
    live.attach(carrier);
    return live;
  }

  /** Reserves places for episodes that are no sessions, all or none; null when there is no room in time. */
  reserve(holder: SlotHolder, count: number, signal: AbortSignal): Promise<Slot | null> {
    return this.#slots.take(holder, this.#limits.slotWaitMs, signal, count);
  }

  /** An environment for one call that shares nothing with any other. It takes no slot. */
  temporary(): Session {
    return new Session(this.#suite);
  }

  /** The session of this id; null for an unknown one and for one whose time is over. */
  find(id: string): LiveSession | null {
    const live = this.#byId.get(id);
    if (live === undefined || this.#endIfExpired(live)) return null;
    return live;
  }

  /** The session whose present episode has this handle; null for any other handle. */
  findByHandle(handle: string): LiveSession | null {
    const live = this.#byHandle.get(handle);
    if (live === undefined || this.#endIfExpired(live)) return null;
    return live;
  }

  /** Every open session. */
  all(): Iterable<LiveSession> {
    return this.#byId.values();
  }

  /** How full the server is, in the words of OpenEnv's refusal. */
  get load(): { readonly active_sessions: number; readonly max_sessions: number } {
    return { active_sessions: this.#slots.active, max_sessions: this.#slots.max };
  }

  /** Whether sessions can be resumed after a crash. */
  get durable(): boolean {
    return this.#durable !== null;
  }

  /** No session expires any more; what can be resumed after a restart is left as it is. */
  close(): void {
    clearInterval(this.#reaper);
    clearTimeout(this.#endOfWindow);
  }

  async #restore(
    durable: DurableJournal,
    id: string,
    token: string,
    carrier: Carrier,
    signal?: AbortSignal,
  ): Promise<Resumed | null> {
    if (!opens(durable.kept(id), token)) return null;
    const seat = await this.#takeSeat(signal);
    if (seat === null) return "full";
    const kept = durable.kept(id);
    if (this.#byId.has(id) || !opens(kept, token)) {
      seat.slot.release(); // another client was faster
      return null;
    }
    const seeds = new SeedStream(undefined, kept.episode?.reset.seeds);
    const live = this.#seated(seat, kept, new Session(this.#suite, seeds), kept.tokenHashes);
    const same = kept.episode === null || live.replay(kept.episode, durable);
    if (same && live.opensWith(token)) {
      live.attach(carrier);
      return live;
    }
    live.release();
    return "changed";
  }

  async #takeSeat(signal: AbortSignal = new AbortController().signal): Promise<Seat | null> {
    const holder = new Holder();
    const slot = await this.#slots.take(holder, this.#limits.slotWaitMs, signal);
    return slot === null ? null : { slot, holder };
  }

  #seated(
    { slot, holder }: Seat,
    { id, agent, bound }: JournalledSession,
    session: Session,
    tokenHashes: readonly string[],
  ) {
    const live = new LiveSession({
      id,
      agent,
      bound,
      session,
      slot,
      tokenHashes,
      journals: this.#journals,
      newHandle: (of) => this.#newHandle(of),
      onForgetHandle: (handle) => this.#byHandle.delete(handle),
      onRelease: ({ id: gone }) => this.#byId.delete(gone),
    });
    holder.session = live;
    this.#byId.set(id, live);
    return live;
  }

  #newHandle(of: LiveSession): string {
    const handle = newId(this.#nodeId);
    this.#byHandle.set(handle, of);
    return handle;
  }

  #reap(): void {
    for (const live of this.#byId.values()) this.#endIfExpired(live);
  }

  #endIfExpired(live: LiveSession): boolean {
    const { detachedMs, callIdleS } = this.#limits;
    if (live.aloneMs <= (live.bound ? detachedMs : callIdleS * 1000)) return false;
    live.release();
    return true;
  }
}

interface Seat {
  readonly slot: Slot;
  readonly holder: Holder;
}

/** Has a slot for a session that is made once the slot is there. */
class Holder implements SlotHolder {
  session: LiveSession | null = null;

  unresponsive(): boolean {
    return this.session?.carrier?.unresponsive() ?? false;
  }

  giveUp(): void {
    this.session?.carrier?.giveUp();
    this.session?.release();
  }
}

const opens = (kept: KeptSession | null, token: string): kept is KeptSession =>
  kept !== null && new ResumeTokens(kept.tokenHashes).accept(token, true);
