import type { Observation } from "../../env/contract/index.ts";
import { observationText } from "../../env/contract/text.ts";
import type { Agent, AgentContext, Turn } from "../agent.ts";
import { RunbookAgent } from "../runbook/runbook.ts";
import type { ChatModel, ChatReply } from "./chat-model.ts";
import { COMPLAINTS } from "./complaints.ts";
import type { Dialogue } from "./dialogue.ts";
import { ContextExceeded } from "./errors.ts";
import type { Profile } from "./profiles.ts";
import { readReply } from "./read-reply.ts";
import type { Reading } from "./reading.ts";

/** Further tries that an assisted model has before the runbook acts for it. */
const MOST_REPAIRS = 2;

/**
 * A language model as a responder: one request, one action. What cannot be used costs a step, as it would anybody.
 * Assisted, it is asked once more instead, up to twice, and then the runbook acts for it; the step says so.
 */
export class LlmAgent implements Agent {
  readonly #profile: Profile;
  readonly #assisted: boolean;
  #model: ChatModel | null = null;
  #dialogue: Dialogue;
  #runbook = new RunbookAgent();

  constructor(profile: Profile, assisted: boolean) {
    this.#profile = profile;
    this.#assisted = assisted;
    this.#dialogue = profile.begin();
  }

  begin({ model, rng }: AgentContext): void {
    if (model === undefined)
      throw new TypeError(`${this.#profile.name} needs a model; only the harness can give it one.`);
    this.#model = model;
    this.#dialogue = this.#profile.begin();
    this.#runbook = new RunbookAgent();
    this.#runbook.begin({ rng });
  }

  async act(observation: Observation, signal: AbortSignal): Promise<Turn> {
    this.#dialogue.see(observationText(observation));
    const advised = this.#assisted ? await this.#runbook.act(observation) : null;
    const replies: ChatReply[] = [];
    for (;;) {
      const reply = await this.#ask(signal);
      if (reply === null) return { action: null, stop: "context_exceeded", ...spent(replies) };
      replies.push(reply);
      const reading = readReply(reply);
      if (advised === null) return turnOf(reading, replies);
      if (reading.reason === null)
        return replies.length === 1 ? turnOf(reading, replies) : { ...turnOf(reading, replies), assist: "repair" };
      if (replies.length > MOST_REPAIRS)
        return { ...turnOf({ ...reading, action: advised.action }, replies), assist: "fallback" };
      this.#dialogue.object(COMPLAINTS[reading.reason]);
    }
  }

  /** The model's reply, heard; null when the conversation does not fit it any more. */
  async #ask(signal: AbortSignal): Promise<ChatReply | null> {
    try {
      const reply = await (this.#model as ChatModel).complete(this.#dialogue.request(), signal);
      this.#dialogue.hear(reply);
      return reply;
    } catch (error) {
      if (error instanceof ContextExceeded) return null;
      throw error;
    }
  }
}

function turnOf({ action, reason, extraCalls }: Reading, replies: readonly ChatReply[]): Turn {
  const promoted = replies.at(-1)?.reasoningPromoted === true;
  return {
    action,
    ...(reason === null ? {} : { invalidReason: reason }),
    ...(promoted ? { info: { reasoning_promoted: true } } : {}),
    extraToolCalls: extraCalls,
    raw: JSON.stringify(replies),
    ...spent(replies),
  };
}

/** Tokens as far as they were reported. */
const spent = (replies: readonly ChatReply[]): Pick<Turn, "tokens"> => ({
  tokens: replies.reduce((sum, { totalTokens }) => sum + (totalTokens ?? 0), 0),
});
