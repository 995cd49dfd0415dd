import { onTestFinished } from "vitest";
import type { SessionJournal } from "../../../env/contract/journal.ts";
import { DEFAULT_LIMITS } from "../../../env/session/limits.ts";
import type { Limits } from "../../../env/session/limits.ts";
import type { Carrier, LiveSession } from "../../../env/session/live-session.ts";
import { Sessions } from "../../../env/session/sessions.ts";
import type { SessionsOptions } from "../../../env/session/sessions.ts";
import { coreSuite } from "../../../tasks/index.ts";

/** The sessions of a server that does not exist; closed when the test ends. */
export function newSessions(limits: Partial<Limits> = {}, options: SessionsOptions = {}): Sessions {
  const sessions = new Sessions(coreSuite, { ...DEFAULT_LIMITS, slotWaitMs: 20, ...limits }, options);
  onTestFinished(() => sessions.close());
  return sessions;
}

/** A session that there must be room for. */
export async function opened(sessions: Sessions, carrier: Carrier | null = null): Promise<LiveSession> {
  const live = await sessions.open({ carrier });
  if (live === null) throw new Error("There was no slot.");
  return live;
}

/** A connection of a client, and what became of it. */
export class FakeCarrier implements Carrier {
  readonly fate: string[] = [];
  silent = false;

  unresponsive(): boolean {
    return this.silent;
  }

  giveUp(): void {
    this.fate.push("gave up");
  }

  supersede(): void {
    this.fate.push("superseded");
  }
}

/** Writes down the names of what it is told. */
export function notebook(): SessionJournal & { readonly notes: string[] } {
  const notes: string[] = [];
  return {
    notes,
    reset: (_session, { turn }) => void notes.push(`reset ${turn.info.seed}`),
    step: (_session, { action, truncatedBy, turn }) =>
      void notes.push(`${truncatedBy ?? String(action)}${turn.info.episode === undefined ? "" : ", over"}`),
    abandoned: () => void notes.push("abandoned"),
    resumable: (_session, hashes) => void notes.push(`resumable ${hashes.length}`),
    closed: () => void notes.push("closed"),
  };
}
