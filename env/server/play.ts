import { resetBody, stepBody } from "../contract/http.ts";
import type { ObservationBody } from "../contract/http.ts";
import { toolStep } from "../mcp/step-actions.ts";
import type { ToolBody } from "../mcp/step-actions.ts";
import type { Player } from "../session/player.ts";
import type { RequestKeys } from "../session/requests.ts";
import type { ServerContext } from "./context.ts";

/** Resets on behalf of a client of any transport; throws as the player does. */
export const playReset = (player: Player, options: unknown, keys: RequestKeys): ObservationBody =>
  resetBody(player.reset(options, keys));

/** Steps on behalf of a client of any transport, which may also speak of tools; throws as the player does. */
export const playStep = (
  player: Player,
  action: unknown,
  keys: RequestKeys,
  { sessions }: Pick<ServerContext, "sessions">,
): ObservationBody | ToolBody =>
  toolStep(player, action, keys, () => sessions.temporary()) ?? stepBody(player.step(action, keys));
