const KIB = 1024;

/** Everything that is bounded, in one place, with its default. A server's settings may change each. */
const table = {
  maxSessions: { value: 4096, summary: "Episodes open at once, over all transports." },
  slotWaitMs: { value: 1000, summary: "How long a client waits for a free episode before it is refused." },
  refusalHoldMs: { value: 5000, summary: "How long a refused socket is kept open for its first frame." },
  sessionIdleS: { value: 3600, summary: "Seconds without a reset or step after which a socket is closed." },
  callIdleS: { value: 1800, summary: "Seconds without a call after which a session without a socket is ended." },
  detachedMs: {
    value: 60_000,
    summary: "Milliseconds that a resumable session waits for its client to connect again.",
  },
  pingMs: { value: 20_000, summary: "Time between two pings of a socket." },
  unresponsiveMs: { value: 45_000, summary: "Silence after which a socket may lose its episode to another client." },
  silentMs: { value: 600_000, summary: "Silence after which a socket is ended." },
  frameBytes: { value: 64 * KIB, summary: "Longest frame of a client." },
  maxVectorEnvs: { value: 1024, summary: "Environments of one vector connection." },
  vectorFrameBytes: { value: KIB * KIB, summary: "Longest frame of a client that steps many environments." },
  fragments: { value: 64, summary: "Fragments of one frame." },
  waitingFrames: { value: 8, summary: "Frames waiting on one socket before reading stops." },
  unsentBytes: { value: 4 * KIB * KIB, summary: "Replies unread by a client before its next frame waits." },
  stalledMs: { value: 10_000, summary: "How long unread replies may not shrink before the socket is ended." },
  drainMs: { value: 5000, summary: "How long a shutdown waits for what has come to be answered." },
  closeMs: { value: 2000, summary: "How long a closing handshake may take." },
  jsonDepth: { value: 32, summary: "Nested containers in one message." },
  jsonKeys: { value: 256, summary: "Keys of one object in a message." },
  jsonText: { value: 8 * KIB, summary: "Characters of a text outside of an action." },
  bodyBytes: { value: 256 * KIB, summary: "Longest body of an HTTP request." },
  requestMs: { value: 15_000, summary: "How long a client may take to send a request." },
  headersMs: { value: 10_000, summary: "How long a client may take to send the head of a request or handshake." },
  keepAliveMs: { value: 72_000, summary: "How long an idle HTTP connection is kept." },
} as const satisfies Record<string, { readonly value: number; readonly summary: string }>;

export type LimitName = keyof typeof table;
/** Every limit's value; names end in their unit where they have one. */
export type Limits = Readonly<Record<LimitName, number>>;

export const LIMIT_NAMES = Object.keys(table) as LimitName[];
export const DEFAULT_LIMITS = Object.fromEntries(LIMIT_NAMES.map((name) => [name, table[name].value])) as Limits;

/** One sentence on a limit, for people who change it. */
export const limitSummary = (name: LimitName): string => table[name].summary;
