import type { ChatReply, ChatRequest } from "./chat-model.ts";

/** What a model is told of an episode, turn by turn. */
export interface Dialogue {
  /** An observation, as text. */
  see(text: string): void;
  /** What the model replied. */
  hear(reply: ChatReply): void;
  /** A reply could not be used; the model is told why before it is asked once more. */
  object(complaint: string): void;
  /** What to ask now. */
  request(): ChatRequest;
}
