import type { LiveSession } from "../../session/live-session.ts";
import type { Sessions } from "../../session/sessions.ts";
import type { ReceivedFrame } from "./frame-queue.ts";

/** What becomes of the connection: it stays open, or ends because of an error, or because the client said farewell. */
type Afterwards = "open" | "error" | "farewell";

/** The answer to one frame. */
export interface Answer {
  /** Exactly one reply for each frame; null only for a farewell. */
  readonly text: string | null;
  readonly afterwards: Afterwards;
}

/** What is spoken on a connection. Nothing in here throws. */
export interface Protocol {
  /** The connection has a session of its own from now on. */
  begin(live: LiveSession): void;
  /** Answers a frame of a client that plays. */
  answer(received: ReceivedFrame, live: LiveSession): Answer;
  /** What a client is told for whom there is no slot. */
  full(load: Sessions["load"]): string;
}
