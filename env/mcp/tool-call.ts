import { observationText } from "../contract/text.ts";
import { EnvError } from "../core/errors.ts";
import type { Player } from "../session/player.ts";
import type { RequestKeys } from "../session/requests.ts";
import type { Session } from "../session/session.ts";
import { observationResult, textResult } from "./tool-result.ts";
import type { ToolResult } from "./tool-result.ts";
import { GET_BRIEFING } from "./tools.ts";

export interface ToolCall {
  /** One of the tools. */
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly keys: RequestKeys;
}

/** What is said of an episode that is over. */
export const CLOSED = "The incident is closed.";

/**
 * Calls a tool. An action is one step of the episode, valid or not; the briefing is none.
 * @param fresh makes a session to look the briefing up in
 * @throws EnvError NOT_RESET, STEP_CONFLICT, REQUEST_ID_REUSED; nothing was done then
 */
export function callTool(player: Player, call: ToolCall, fresh: () => Session): ToolResult {
  if (call.name === GET_BRIEFING) return textResult(briefing(player, fresh));
  try {
    return observationResult(player.step(actionOf(call), call.keys).observation);
  } catch (error) {
    if (error instanceof EnvError && error.code === "EPISODE_DONE") return textResult(CLOSED, true);
    if (!(error instanceof EnvError)) player.abandon();
    throw error;
  }
}

/**
 * The action that a call stands for. An argument named `type` must not choose another action than the one whose tool,
 * and whose harmlessness, the caller was shown: it is passed on under a name that no action has, and so refused.
 */
export function actionOf({ name, arguments: { type, ...given } }: Pick<ToolCall, "name" | "arguments">): object {
  return { ...given, ...(type === undefined ? {} : { "arguments.type": type }), type: name };
}

/** The text of the first observation. Equal episodes begin equally, so it is played again instead of being kept. */
function briefing(player: Player, fresh: () => Session): string {
  const { task_id, split, seed } = player.state();
  if (task_id === undefined) throw new EnvError("NOT_RESET");
  return observationText(fresh().reset({ task_id, split, seed }).observation);
}
