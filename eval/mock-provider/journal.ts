/** What the mock saw and did, one entry for each request, in the order they came. */
export interface JournalEntry {
  /** Counts from 1 over all scripts. */
  readonly number: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly path: string;
  /** Which script it met, and its number there, from 0. */
  readonly script: string;
  readonly place: number;
  /** What was done: `reply`, `status 503`, `cut`. */
  readonly did: string;
  /** The requested model; null when the request could not be read. */
  readonly model: string | null;
  readonly messages: number;
  /** Names of the headers that came. */
  readonly headers: readonly string[];
  /** Whether a key came, and its last four characters. */
  readonly key: string | null;
  /** The body as it came; empty unless bodies are kept. */
  readonly body: string;
  /** Tokens billed; zero unless a completion was sent. */
  inputTokens: number;
  outputTokens: number;
  /** Whether the reply was handed over whole. */
  finished: boolean;
}

/** The journal as a whole. */
export interface Journal {
  readonly entries: readonly JournalEntry[];
  /** Requests that have not ended. */
  readonly open: number;
}
