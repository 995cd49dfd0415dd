import type { ChatMessage } from "../../agents/llm/chat-model.ts";
import { RunbookAgent } from "../../agents/runbook/runbook.ts";
import { parseAction } from "../../env/contract/index.ts";
import { saying } from "../mock-provider/behaviours.ts";
import type { Behaviour, MockMessage } from "../mock-provider/behaviours.ts";
import { readObservation } from "./read-observation.ts";

/** A model that works through the runbook, on nothing but what the conversation tells it. */
export const methodical: Behaviour = async (messages, tools) => {
  const runbook = new RunbookAgent();
  runbook.begin({ rng: () => 0 });
  let action: unknown = null;
  for (const text of observationsIn(messages)) ({ action } = await runbook.act(readObservation(text)));
  const parsed = parseAction(action);
  return parsed.ok ? saying(parsed.action, tools) : { content: "I do not know what to do." };
};

/** A model that restarts what it is paged for, talks beside the point, and closes without a look. */
export const careless: Behaviour = (messages, tools): MockMessage => {
  const turn = observationsIn(messages).length;
  if (turn % 3 === 1) return { content: "Let us restart something and see what happens." };
  if (turn < 6) return saying({ type: "restart_service", service: "web_server" }, tools);
  return saying({ type: "resolve_incident", service: "web_server", fault: "crash" }, tools);
};

/** Texts of observations, the page first. Every one begins with the time of day in brackets. */
const observationsIn = (messages: readonly ChatMessage[]): string[] =>
  messages
    .filter(({ role }) => role === "user" || role === "tool")
    .map(({ content }) => content ?? "")
    .filter((text) => /^\[\d\d:\d\d:\d\d\] /.test(text));
