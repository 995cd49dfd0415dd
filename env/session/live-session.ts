import type { JournalledSession, KeptEpisode, NamedRequest, SessionJournal } from "../contract/journal.ts";
import type { EpisodeState } from "../contract/state-schema.ts";
import type { ResetTurn, StepTurn } from "../contract/turns.ts";
import { EnvError } from "../core/errors.ts";
import { LastRequest, namedRequest, sha256Of } from "./requests.ts";
import type { RequestKeys } from "./requests.ts";
import { ResumeTokens } from "./resume-tokens.ts";
import type { Session } from "./session.ts";
import type { Slot } from "./slots.ts";

/** Whatever a client plays through for as long as it is connected. */
export interface Carrier {
  /** Whether it has been silent for so long that a client in need may have its slot. */
  unresponsive(): boolean;
  /** Ends it because another client needs the slot. */
  giveUp(): void;
  /** Ends it because its session goes on elsewhere. */
  supersede(): void;
}

/** What a live session is made of. */
export interface LiveSessionParts extends JournalledSession {
  readonly session: Session;
  readonly slot: Slot;
  readonly journals: readonly SessionJournal[];
  /** Of those that resume it; none until it is made resumable. */
  readonly tokenHashes?: readonly string[];
  readonly newHandle: (of: LiveSession) => string;
  readonly onForgetHandle: (handle: string) => void;
  readonly onRelease: (session: LiveSession) => void;
}

/**
 * An environment with a name: what every transport holds on to while a client plays in it. All that is played goes
 * through here, so that journals miss nothing and a repeated request moves nothing.
 */
export class LiveSession implements JournalledSession {
  /** Control plane: who knows it may reset, read state and rewards. 128 random bits, with a node's prefix if it has one. */
  readonly id: string;
  readonly agent: string;
  readonly bound: boolean;
  readonly #parts: LiveSessionParts;
  readonly #last = new LastRequest();
  readonly #tokens: ResumeTokens;
  #journals: readonly SessionJournal[];
  #carrier: Carrier | null = null;
  #endsWithCarrier = false;
  #handle: string | null = null;
  #released = false;
  /** Monotonic times in milliseconds: of the last reset or step, and since when nobody is connected. */
  #playedAt = performance.now();
  #aloneSince = this.#playedAt;

  constructor(parts: LiveSessionParts) {
    this.id = parts.id;
    this.agent = parts.agent;
    this.bound = parts.bound;
    this.#parts = parts;
    this.#journals = parts.journals;
    this.#tokens = new ResumeTokens(parts.tokenHashes);
  }

  // What is played.

  /**
   * Starts an episode. The handle of the one before leads nowhere from now on.
   * @throws EnvError BAD_OPTION, STEP_CONFLICT, REQUEST_ID_REUSED; the running episode then stays
   */
  reset(options: unknown, keys: RequestKeys = {}): ResetTurn {
    const { session } = this.#parts;
    const request = namedRequest("reset", options, keys);
    const before = this.#last.repeated(keys, request, session.stepCount);
    if (before !== null) return before as ResetTurn;
    const { seeds } = session;
    const turn = session.reset(options);
    this.#forgetHandle();
    this.#accept(request, turn);
    const event = { options, seeds, request, turn, sha256: () => sha256Of(turn) };
    for (const journal of this.#journals) journal.reset(this, event);
    return turn;
  }

  /**
   * Carries out one action, given as any JSON value.
   * @throws EnvError NOT_RESET, EPISODE_DONE, STEP_CONFLICT, REQUEST_ID_REUSED; nothing was done then
   */
  step(action: unknown, keys: RequestKeys = {}): StepTurn {
    const { session } = this.#parts;
    const request = namedRequest("step", action, keys);
    const before = this.#last.repeated(keys, request, session.stepCount);
    if (before !== null) return before as StepTurn;
    return this.#stepped(session.step(action), action, null, request);
  }

  /** Ends the episode from the control plane. Throws as `step` does. */
  truncate(reason: string): StepTurn {
    return this.#stepped(this.#parts.session.truncate(reason), null, reason, null);
  }

  /** Control plane: where the episode stands. */
  state(): EpisodeState {
    return this.#parts.session.state();
  }

  /** Drops an episode that an unexpected error left in an unknown state; the next step needs a reset. */
  abandon(): void {
    this.#parts.session.abandon();
    this.#last.forget();
    this.#forgetHandle();
    for (const journal of this.#journals) journal.abandoned(this);
  }

  /**
   * Plays a kept episode again. The journal that kept it is not told; it knows.
   * @returns whether every turn came out as it was
   */
  replay({ reset, steps }: KeptEpisode, keptBy: SessionJournal): boolean {
    this.#journals = this.#parts.journals.filter((journal) => journal !== keptBy);
    try {
      if (sha256Of(this.reset(reset.options, { requestId: reset.request?.id })) !== reset.sha256) return false;
      return steps.every(({ action, truncatedBy, request, sha256 }) => {
        const turn = truncatedBy === null ? this.step(action, { requestId: request?.id }) : this.truncate(truncatedBy);
        return sha256Of(turn) === sha256;
      });
    } catch (error) {
      if (error instanceof EnvError) return false; // another suite, or another version of it
      throw error;
    } finally {
      this.#journals = this.#parts.journals;
    }
  }

  /** The id of the last accepted request; null if it had none. */
  get lastRequestId(): string | null {
    return this.#last.id;
  }

  /** Monotonic time of the last reset or step, in milliseconds. */
  get playedAt(): number {
    return this.#playedAt;
  }

  // Who plays.

  /** Agent plane: leads to the present episode and gives no control over it. Made when first asked for. */
  get handle(): string {
    return (this.#handle ??= this.#parts.newHandle(this));
  }

  /** Null while nobody is connected. */
  get carrier(): Carrier | null {
    return this.#carrier;
  }

  /** A client is connected from now on; one that was before goes. */
  attach(carrier: Carrier): void {
    const before = this.#carrier;
    this.#carrier = carrier;
    before?.supersede();
  }

  /** A client's connection is gone. The session waits for another, unless it was bound to this one. */
  detach(carrier: Carrier): void {
    if (this.#carrier !== carrier) return;
    this.#carrier = null;
    this.#aloneSince = performance.now();
    if (this.#endsWithCarrier || (this.bound && !this.resumable)) this.release();
  }

  /** The session ends when its client's connection does, whatever it was meant to do. */
  endWithCarrier(): void {
    this.#endsWithCarrier = true;
  }

  /** For how long nobody has been connected and nothing was played, in milliseconds; 0 while a client is connected. */
  get aloneMs(): number {
    return this.#carrier === null ? performance.now() - Math.max(this.#aloneSince, this.#playedAt) : 0;
  }

  // How it is resumed.

  get resumable(): boolean {
    return this.#tokens.hashes.length > 0;
  }

  /** Makes the session resumable and returns the token, which is told once; the one before is soon void. */
  renewToken(): string {
    const token = this.#tokens.renew();
    this.#tellTokens();
    return token;
  }

  /** Whether this is the token that resumes the session. */
  opensWith(token: string): boolean {
    return this.#tokens.accept(token, this.#carrier === null);
  }

  /** The client was heard of: it has what it was told last, and a token before that is used up. */
  heard(): void {
    if (this.#tokens.confirm()) this.#tellTokens();
  }

  // How it ends.

  get released(): boolean {
    return this.#released;
  }

  /** Ends the session, and the connection of whoever plays in it. */
  end(): void {
    const carrier = this.#carrier;
    this.#carrier = null;
    this.release();
    carrier?.supersede();
  }

  /** Frees the slot, and forgets id and handle. Releasing twice does no harm. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#forgetHandle();
    this.#parts.onRelease(this);
    for (const journal of this.#journals) journal.closed(this);
    this.#parts.slot.release();
  }

  #stepped(turn: StepTurn, action: unknown, truncatedBy: string | null, request: NamedRequest | null): StepTurn {
    this.#accept(request, turn);
    const event = { action, truncatedBy, request, turn, sha256: () => sha256Of(turn) };
    for (const journal of this.#journals) journal.step(this, event);
    return turn;
  }

  #accept(request: NamedRequest | null, turn: ResetTurn | StepTurn): void {
    this.#last.accept(request, turn);
    this.#playedAt = performance.now();
  }

  #tellTokens(): void {
    for (const journal of this.#journals) journal.resumable(this, this.#tokens.hashes);
  }

  #forgetHandle(): void {
    if (this.#handle === null) return;
    this.#parts.onForgetHandle(this.#handle);
    this.#handle = null;
  }
}
