import { readActionText } from "./action-text.ts";
import { callAction } from "./call.ts";
import type { ChatReply } from "./chat-model.ts";
import { nothing } from "./reading.ts";
import type { Reading } from "./reading.ts";

/** What providers say when a reply reached the limit on its length. */
const CUT = "length";

/** The one action of a reply: its first call, or what its text states. */
export function readReply(reply: ChatReply): Reading {
  if (reply.filtered) return nothing("filtered");
  const [first, ...others] = reply.toolCalls;
  const spoken = reply.content ?? "";
  const isSilent = first === undefined && spoken.trim() === "";
  if (isSilent && reply.refusal !== null) return nothing("refusal");
  const found = first === undefined ? readSpoken(spoken) : callAction(first.name, first.arguments);
  if (found.action === null && reply.finishReason === CUT) return nothing("truncated");
  return { ...found, extraCalls: found.extraCalls + others.length };
}

const readSpoken = (text: string): Reading => (text.trim() === "" ? nothing("no_action") : readActionText(text));
