import type { ResetTurn, StepTurn } from "./turns.ts";

/** Where the stream of seeds stands that unseeded resets continue. */
export interface SeedState {
  /** What the stream started from; null before the first reset. */
  readonly base: number | null;
  /** Whether the base was drawn by the server rather than given. */
  readonly drawn: boolean;
  /** Unseeded resets since. */
  readonly unseeded: number;
}

/** A request that came with an id, so that it can be told when it comes again. */
export interface NamedRequest {
  readonly id: string;
  /** Hash of what was asked for. */
  readonly sha256: string;
}

/** Whose episode it is. */
export interface JournalledSession {
  readonly id: string;
  /** What the client calls its agent. */
  readonly agent: string;
  /** Whether it ends with its socket, or lives on between calls. */
  readonly bound: boolean;
}

/** What was asked for, and what it gave. */
interface PlayedEvent {
  readonly request: NamedRequest | null;
  /** Hash of the turn; playing the same again must meet it. */
  readonly sha256: () => string;
}

export interface ResetEvent extends PlayedEvent {
  /** As they came from the client. */
  readonly options: unknown;
  /** Before the reset: with it, the same options give the same episode again. */
  readonly seeds: SeedState;
  readonly turn: ResetTurn;
}

export interface StepEvent extends PlayedEvent {
  /** As it came from the client; null where the control plane ended the episode. */
  readonly action: unknown;
  /** Why the control plane ended the episode; null for an action. */
  readonly truncatedBy: string | null;
  /** With the verdict, if it was the end. */
  readonly turn: StepTurn;
}

/**
 * Told what happens in sessions, in order, before the reply leaves. Does not throw: an episode goes on in memory
 * whatever becomes of its record.
 */
export interface SessionJournal {
  /** An episode began; the one before it, if it still ran, is over without a verdict. */
  reset(session: JournalledSession, event: ResetEvent): void;
  step(session: JournalledSession, event: StepEvent): void;
  /** A bug ended the episode without a verdict. */
  abandoned(session: JournalledSession): void;
  /** The session may be resumed by whoever has a token of one of these hashes, and with no other. */
  resumable(session: JournalledSession, tokenHashes: readonly string[]): void;
  /** The session is gone and cannot be resumed. */
  closed(session: JournalledSession): void;
}

/** A journal that outlives the server, so that sessions can be resumed after a crash. */
export interface DurableJournal extends SessionJournal {
  /** A resumable session that another server left behind; null when there is none of this id. */
  kept(id: string): KeptSession | null;
  /** Sessions that another server left behind and nobody resumed are forgotten. */
  forgetLeftBehind(): void;
}

/** A session as a durable journal kept it: enough to play its present episode again. */
export interface KeptSession extends JournalledSession {
  readonly tokenHashes: readonly string[];
  /** Null before the first reset. */
  readonly episode: KeptEpisode | null;
}

export interface KeptEpisode {
  readonly reset: Kept<Pick<ResetEvent, "options" | "seeds" | "request">>;
  readonly steps: readonly Kept<Pick<StepEvent, "action" | "truncatedBy" | "request">>[];
}

type Kept<Event> = Event & { readonly sha256: string };
