import type { DurableJournal, JournalledSession, KeptSession, ResetEvent, StepEvent } from "../../contract/journal.ts";
import { openJournalFile } from "./file.ts";
import type { JournalFile } from "./file.ts";
import { journalStatements } from "./statements.ts";
import type { Entry } from "./statements.ts";

/** How often what could not be written is tried again, in milliseconds. */
const RETRY_MS = 1000;

/** A journal in a file. */
export interface JournalInFile extends DurableJournal {
  /** False while something could not be written; episodes go on, and it is tried again. */
  readonly saving: boolean;
  close(): void;
}

/**
 * Keeps resumable sessions in a file of their own, so that they survive the server: what was played is on the disk
 * before its reply leaves. Of a session that is not resumable, nothing is written.
 * @param report told once when writing begins to fail, and when it works again
 * @throws StoreError as `openJournalFile` does
 */
export const openJournal = (path: string, report: (message: string) => void): JournalInFile =>
  journalIn(openJournalFile(path), report);

/** A journal in an open file, which closes with it. */
export const journalIn = (file: JournalFile, report: (message: string) => void): JournalInFile =>
  new SqliteJournal(file, report);

/** What is known of a session of this server. */
interface Track {
  readonly session: JournalledSession;
  tokenHashes: readonly string[];
  /** What was played of the present episode and is not written yet. */
  unwritten: Entry[];
  /** How much of the present episode is written. */
  written: number;
  /** Whether the file still has another episode. */
  anew: boolean;
}

class SqliteJournal implements JournalInFile {
  readonly #close: () => void;
  readonly #file: ReturnType<typeof journalStatements>;
  readonly #report: (message: string) => void;
  readonly #tracks = new Map<string, Track>();
  /** Sessions that could not be forgotten yet. */
  readonly #gone = new Set<string>();
  #retry: NodeJS.Timeout | null = null;

  constructor(file: JournalFile, report: (message: string) => void) {
    this.#close = () => file.close();
    this.#file = journalStatements(file);
    this.#report = report;
  }

  get saving(): boolean {
    return this.#retry === null;
  }

  reset(session: JournalledSession, { options, seeds, request, sha256 }: ResetEvent): void {
    const track = this.#track(session);
    Object.assign(track, { anew: true, written: 0, unwritten: [{ options, seeds, request, sha256: sha256() }] });
    this.#write(track);
  }

  step(session: JournalledSession, { action, truncatedBy, request, sha256 }: StepEvent): void {
    const track = this.#track(session);
    track.unwritten.push({ action, truncatedBy, request, sha256: sha256() });
    this.#write(track);
  }

  abandoned(session: JournalledSession): void {
    const track = this.#track(session);
    Object.assign(track, { anew: true, written: 0, unwritten: [] });
    this.#write(track);
  }

  resumable(session: JournalledSession, tokenHashes: readonly string[]): void {
    const track = this.#track(session);
    track.tokenHashes = tokenHashes;
    this.#write(track);
  }

  closed({ id }: JournalledSession): void {
    const track = this.#tracks.get(id);
    this.#tracks.delete(id);
    if (track !== undefined && track.tokenHashes.length === 0) return;
    this.#gone.add(id);
    this.#attempt(() => this.#forgetGone());
  }

  kept(id: string): KeptSession | null {
    return this.#tracks.has(id) || this.#gone.has(id) ? null : this.#file.read(id);
  }

  forgetLeftBehind(): void {
    for (const id of this.#file.ids()) if (!this.#tracks.has(id)) this.#gone.add(id);
    this.#attempt(() => this.#forgetGone());
  }

  close(): void {
    if (this.#retry !== null) clearInterval(this.#retry);
    this.#close();
  }

  /** A session that this server has not heard of was left behind by another, and its episode is in the file. */
  #track(session: JournalledSession): Track {
    const known = this.#tracks.get(session.id);
    if (known !== undefined) return known;
    const { episode = null, tokenHashes = [] } = this.#file.read(session.id) ?? {};
    const written = episode === null ? 0 : 1 + episode.steps.length;
    const track: Track = { session, tokenHashes, unwritten: [], written, anew: false };
    this.#tracks.set(session.id, track);
    return track;
  }

  #write(track: Track): void {
    if (track.tokenHashes.length > 0) this.#attempt(() => this.#flush(track));
  }

  #flush(track: Track): void {
    const { session, tokenHashes, anew, written, unwritten } = track;
    this.#file.write({ session, tokenHashes, anew, from: written, entries: unwritten });
    Object.assign(track, { anew: false, written: written + unwritten.length, unwritten: [] });
  }

  #forgetGone(): void {
    this.#file.forget([...this.#gone]);
    this.#gone.clear();
  }

  /** Whatever the disk says, the episode goes on in memory; what is not written waits. */
  #attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (this.#retry !== null) return;
      this.#report(`Sessions cannot be kept: ${(error as Error).message}. They go on, and are written when it works.`);
      this.#retry = setInterval(() => this.#tryAgain(), RETRY_MS).unref();
    }
  }

  #tryAgain(): void {
    try {
      this.#forgetGone();
      for (const track of this.#tracks.values()) if (track.tokenHashes.length > 0) this.#flush(track);
    } catch {
      return;
    }
    if (this.#retry !== null) clearInterval(this.#retry);
    this.#retry = null;
    this.#report("Sessions are kept again.");
  }
}
