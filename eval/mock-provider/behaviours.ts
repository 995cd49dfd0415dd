import type { ChatMessage, ChatTool } from "../../agents/llm/chat-model.ts";

/** What a model says. Its calls get ids from the mock. */
export interface MockMessage {
  readonly content?: string | null | undefined;
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: string }[] | undefined;
  readonly finishReason?: string | undefined;
}

/** A model: it answers from the conversation alone, so that it may be asked in any order by many at once. */
export type Behaviour = (
  messages: readonly ChatMessage[],
  tools: readonly ChatTool[],
) => MockMessage | Promise<MockMessage>;

/** An action as JSON: its type, and arguments. */
export interface MockAction {
  readonly type: string;
  readonly [argument: string]: unknown;
}

/** An action said as the conversation asks for it: as a call where tools are offered, as text where none are. */
export function saying({ type, ...args }: MockAction, tools: readonly ChatTool[]): MockMessage {
  if (tools.length === 0) return { content: JSON.stringify({ type, ...args }) };
  return { content: null, toolCalls: [{ name: type, arguments: JSON.stringify(args) }] };
}

/** How many turns the model has had. */
export const turnOf = (messages: readonly ChatMessage[]): number =>
  messages.filter(({ role }) => role === "assistant").length;

/** Plays a list of actions, one a turn, and the last one for ever after. */
export const playing =
  (actions: readonly MockAction[]): Behaviour =>
  (messages, tools) =>
    saying(at(actions, turnOf(messages)), tools);

/** Says again what a model once said, turn by turn, and the last of it for ever after. */
export const recorded =
  (said: readonly MockMessage[]): Behaviour =>
  (messages) =>
    at(said, turnOf(messages));

/** Looks at one thing again and again: a model that does no harm and no good. */
export const idling: Behaviour = playing([{ type: "check_status", service: "cache" }]);

/** One of each way in which a model gets a turn wrong. */
export const blundering: Behaviour = (messages, tools) => at(BLUNDERS, turnOf(messages) % BLUNDERS.length)(tools);

const BLUNDERS: readonly ((tools: readonly ChatTool[]) => MockMessage)[] = [
  () => ({ content: "Let me think about what might be going on here." }),
  (tools) => saying({ type: "open_ticket", title: "help" }, tools),
  (tools) => saying({ type: "update_config", service: "cache", key: "ttl", value: "a lot" }, tools),
  () => ({ content: null, toolCalls: [{ name: "check_status", arguments: '{"service":' }] }),
  () => ({ content: "restart_service(cache", finishReason: "length" }),
  () => ({ content: "I'm sorry, but I can't help with that." }),
];

function at<Item>(items: readonly Item[], turn: number): Item {
  const item = items[Math.min(turn, items.length - 1)];
  if (item === undefined) throw new RangeError("Expected at least one thing to say.");
  return item;
}
