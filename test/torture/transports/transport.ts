import type { SessionDescriptor } from "../../../env/contract/frames.ts";
import type { RequestKeys } from "../../../env/session/requests.ts";

/** What came back on a request, whatever carried it. */
export interface Reply {
  /** Everything that came, heads included. Equal requests of equal sessions give equal texts. */
  readonly raw: string;
  /** Why it was refused: the environment's code where it has one, else the protocol's; null when it was carried out. */
  readonly refused: string | null;
  /** An observation with what is beside it, or a state; null in a refusal. */
  readonly data: Readonly<Record<string, unknown>> | null;
}

/** A session as its client has it. Replies come in the order of the requests. */
export interface Door {
  reset(options: object, keys?: RequestKeys): Promise<Reply>;
  step(action: unknown, keys?: RequestKeys): Promise<Reply>;
  /** Control plane; refused where the transport has no word for it. */
  state(): Promise<Reply>;
  /** Makes the session resumable and says how. */
  describe(): Promise<Descriptor>;
  /** The connection is gone without a word. */
  drop(): Promise<void>;
  /** Ends the session in good order. Twice does no harm. */
  close(): Promise<void>;
}

export type Descriptor = Pick<SessionDescriptor, "session_id" | "resume_token" | "step_count">;

export interface Resumed {
  readonly door: Door;
  readonly token: string;
}

/** One way into the environment. */
export interface Transport {
  readonly name: TransportName;
  /** Whether resets, rewards and states travel on it: it reaches the control plane. */
  readonly hasControl: boolean;
  /** Whether a session is bound to its connection, and outlives it on demand: it can be dropped and resumed. */
  readonly isConnected: boolean;
  /** Over transports that are not connected a session begins with its first reset. */
  open(): Promise<Door>;
  /** Goes on with a session, under the next token; null when id or token are refused. */
  resume(id: string, token: string): Promise<Resumed | null>;
  /** Ends whatever it keeps open between sessions. */
  end(): void;
}

export const TRANSPORTS = ["in-process", "ws", "http", "mcp"] as const;
export type TransportName = (typeof TRANSPORTS)[number];

/** What the agent was shown in a reply, as text: the same through every transport. Null where there is nothing. */
export function shownIn({ data }: Reply): string | null {
  const observation = data?.observation as Readonly<Record<string, unknown>> | undefined;
  if (observation === undefined) return null;
  const { metadata: _metadata, ...shown } = observation;
  return JSON.stringify(shown);
}

/** Names of the keys as frames and bodies have them; absent ones are left out of JSON. */
export const onWire = ({ requestId, expectedStep }: RequestKeys): object => ({
  request_id: requestId,
  expected_step: expectedStep,
});
