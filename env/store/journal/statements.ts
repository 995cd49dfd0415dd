import { deserialize, serialize } from "node:v8";
import type { JournalledSession, KeptEpisode, KeptSession } from "../../contract/journal.ts";
import type { JournalFile } from "./file.ts";

/** One thing that was played, as it is kept: a reset, or a step of its episode. */
export type Entry = KeptEpisode["reset"] | KeptEpisode["steps"][number];

/** What is to be written of one session, all at once or not at all. */
export interface SessionWrite {
  readonly session: JournalledSession;
  readonly tokenHashes: readonly string[];
  /** Whether the entries are those of another episode than what is kept. */
  readonly anew: boolean;
  /** Place of the first of the entries in its episode. */
  readonly from: number;
  readonly entries: readonly Entry[];
}

/** What the journal asks of its file. Each throws the driver's errors and then has changed nothing. */
export function journalStatements(db: JournalFile) {
  const putSession = db.prepare(`INSERT INTO session VALUES (@id, @agent, @bound, @tokens)
    ON CONFLICT (session_id) DO UPDATE SET token_hashes = @tokens`);
  const dropEntries = db.prepare("DELETE FROM entry WHERE session_id = ?");
  const putEntry = db.prepare("INSERT INTO entry VALUES (?, ?, ?, ?)");
  const dropSession = db.prepare("DELETE FROM session WHERE session_id = ?");
  const ids = db.prepare<[], string>("SELECT session_id FROM session").pluck();
  const session = db.prepare<[string], SessionRow>("SELECT * FROM session WHERE session_id = ?");
  const entries = db.prepare<[string], EntryRow>(
    "SELECT played, sha256 FROM entry WHERE session_id = ? ORDER BY ordinal",
  );

  const write = db.transaction(({ session: { id, agent, bound }, ...wanted }: SessionWrite) => {
    const { tokenHashes, anew, from, entries: played } = wanted;
    putSession.run({ id, agent, bound: bound ? 1 : 0, tokens: JSON.stringify(tokenHashes) });
    if (anew) dropEntries.run(id);
    for (const [i, { sha256, ...rest }] of played.entries()) putEntry.run(id, from + i, serialize(rest), sha256);
  });
  const forget = db.transaction((gone: readonly string[]) => {
    for (const id of gone) dropSession.run(id);
  });

  return {
    write: (wanted: SessionWrite): void => write.immediate(wanted),
    forget: (gone: readonly string[]): void => forget.immediate(gone),
    ids: (): string[] => ids.all(),
    read(id: string): KeptSession | null {
      const row = session.get(id);
      if (row === undefined) return null;
      const [reset, ...steps] = entries.all(id).map(entryOf);
      return {
        id,
        agent: row.agent,
        bound: row.bound === 1,
        tokenHashes: JSON.parse(row.token_hashes) as string[],
        episode: reset === undefined ? null : ({ reset, steps } as KeptEpisode),
      };
    },
  };
}

interface SessionRow {
  readonly agent: string;
  readonly bound: number;
  readonly token_hashes: string;
}

interface EntryRow {
  readonly played: Buffer;
  readonly sha256: string;
}

const entryOf = ({ played, sha256 }: EntryRow): Entry => ({ ...(deserialize(played) as Entry), sha256 });
