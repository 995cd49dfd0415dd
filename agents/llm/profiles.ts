import { createHash } from "node:crypto";
import type { ChatTool } from "./chat-model.ts";
import { COMPLAINTS } from "./complaints.ts";
import type { Dialogue } from "./dialogue.ts";
import { Digest } from "./digest.ts";
import { promptText } from "./prompts.ts";
import { chatTools } from "./tools.ts";
import { Transcript } from "./transcript.ts";

/** A way of putting incidents to a language model: the harness part of a variant. */
export interface Profile {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Hash of every fixed word that a model is told. */
  readonly promptSha256: string;
  readonly begin: () => Dialogue;
}

/** Raised when what a model is told, or how its replies are read, changes by more than its prompt. */
export const PROFILES_VERSION = "1.0.0";

export const profiles: readonly Profile[] = [
  defineProfile(
    "tools",
    "Calls functions, and sees the whole conversation.",
    chatTools,
    (prompt) => new Transcript(prompt, chatTools),
  ),
  defineProfile(
    "react",
    "Thinks aloud, then states one action as text; sees the whole conversation.",
    null,
    (prompt) => new Transcript(prompt, null),
  ),
  defineProfile(
    "prompting",
    "Is told page, earlier actions and last results anew in every turn.",
    null,
    (prompt) => new Digest(prompt),
  ),
];

/** The profile of a name; null when there is none. `llm` is the first. */
export const profileNamed = (name: string): Profile | null =>
  (name === "llm" ? profiles[0] : profiles.find((profile) => profile.name === name)) ?? null;

function defineProfile(
  name: string,
  summary: string,
  tools: readonly ChatTool[] | null,
  begin: (prompt: string) => Dialogue,
): Profile {
  const prompt = promptText(name);
  const told = JSON.stringify([prompt, tools, COMPLAINTS]);
  return { name, summary, promptSha256: createHash("sha256").update(told).digest("hex"), begin: () => begin(prompt) };
}
