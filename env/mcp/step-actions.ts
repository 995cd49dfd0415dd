import { stepBody } from "../contract/http.ts";
import type { ObservationBody } from "../contract/http.ts";
import type { TOOL_ERRORS } from "../contract/tool-schema.ts";
import type { StepTurn } from "../contract/turns.ts";
import type { Player } from "../session/player.ts";
import type { RequestKeys } from "../session/requests.ts";
import type { Session } from "../session/session.ts";
import { actionOf, callTool } from "./tool-call.ts";
import { observationResult, openEnvResult } from "./tool-result.ts";
import { GET_BRIEFING, isTool, tools, unknownTool } from "./tools.ts";

/** Reply to a tool action: an observation frame whose observation is a list of tools, or the result of one. */
export interface ToolBody extends Omit<ObservationBody, "observation"> {
  readonly observation: Readonly<Record<string, unknown>>;
}

/** What kept a tool from being called at all; the names are OpenEnv's. */
interface ToolError {
  readonly error_type: (typeof TOOL_ERRORS)[number];
  readonly message: string;
}

/**
 * Carries out the step actions by which OpenEnv's older clients speak of tools: `list_tools`, and `call_tool`, whose
 * type may be missing beside `tool_name`. Listing and the briefing are no steps; every other call is one, whatever it
 * calls. Control plane: reward and end travel beside the result as for any step.
 * @returns null for an action of any other kind
 * @throws EnvError as a step does
 */
export function toolStep(player: Player, action: unknown, keys: RequestKeys, fresh: () => Session): ToolBody | null {
  if (typeof action !== "object" || action === null) return null;
  const type = own(action, "type");
  if (type === "list_tools") return standing(player, { tools: listed });
  const name = own(action, "tool_name");
  if (typeof name !== "string" || (type !== "call_tool" && type !== undefined)) return null;
  const given = own(action, "arguments") ?? {};
  const isObject = typeof given === "object" && !Array.isArray(given);
  const call = { name, arguments: isObject ? (given as Record<string, unknown>) : {}, keys };
  if (name === GET_BRIEFING) {
    return standing(player, shown(name, openEnvResult(callTool(player, call, fresh)), null));
  }
  const error = problem(name, isObject);
  // What calls no tool goes to the environment as it came: no action has its type, so it is an invalid one.
  const turn = player.step(error === null ? actionOf(call) : { ...action, type: "call_tool" }, keys);
  return stepped(turn, shown(name, error === null ? openEnvResult(observationResult(turn.observation)) : null, error));
}

const listed = tools.map(({ name, description, inputSchema }) => ({ name, description, input_schema: inputSchema }));

function problem(name: string, hasObject: boolean): ToolError | null {
  if (!isTool(name)) return { error_type: "tool_not_found", message: unknownTool(name) };
  return hasObject ? null : { error_type: "invalid_args", message: "arguments: expected an object." };
}

const shown = (name: string, result: object | null, error: ToolError | null) => ({ tool_name: name, result, error });

/** What is no step leaves the episode where it stands. */
function standing(player: Player, observation: object): ToolBody {
  const { terminated = false, truncated = false } = player.state();
  const metadata = { terminated, truncated, info: {} };
  return { observation: { ...observation, metadata }, reward: null, done: terminated || truncated, metadata };
}

function stepped(turn: StepTurn, observation: object): ToolBody {
  const body = stepBody(turn);
  return { ...body, observation: { ...observation, metadata: body.observation.metadata } };
}

const own = (action: object, name: string): unknown =>
  Object.hasOwn(action, name) ? (action as Readonly<Record<string, unknown>>)[name] : undefined;
