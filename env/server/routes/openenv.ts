import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ObservationReply, ResetBody, StepBody } from "../../contract/http-bodies.ts";
import { StateSchema } from "../../contract/state-schema.ts";
import { EnvError } from "../../core/errors.ts";
import type { Player } from "../../session/player.ts";
import type { RequestKeys } from "../../session/requests.ts";
import type { ServerContext } from "../context.ts";
import { refuse } from "../hooks/errors.ts";
import { playReset, playStep } from "../play.ts";
import { agentName, isAgentName } from "./agent-name.ts";
import { SharedSession } from "./shared-session.ts";
import { namedSession, NEW_SESSION, SESSION_HEADER, sessionFor } from "./which-session.ts";

/**
 * OpenEnv's calls over HTTP. Each meets an environment of its own, as OpenEnv has it, unless it names a session or the
 * server has one for all.
 */
export function openEnvRoutes(app: FastifyInstance, context: ServerContext): void {
  const { sessions, config } = context;
  const shared = config.httpSessions === "shared" ? new SharedSession(sessions) : null;

  /** Who a step or a question is for; null after a refusal was sent. */
  const playerFor = (request: FastifyRequest, reply: FastifyReply): Player | null => {
    const id = namedSession(request);
    const player = id === null ? (shared?.present ?? sessions.temporary()) : sessionFor(id, context);
    if (player === null) refuse(reply, "UNKNOWN_SESSION");
    return player;
  };

  app.post<{ Body: ResetBody }>(
    "/reset",
    { schema: { body: ResetBody, response: { 200: ObservationReply } } },
    async (request, reply) => {
      const id = namedSession(request);
      const { options, keys } = resetRequest(request.body);
      if (id === NEW_SESSION) return resetNew(request, reply, context, options, keys);
      if (id !== null || shared === null) {
        const player = playerFor(request, reply);
        return player === null ? reply : carefully(player, () => playReset(player, options, keys));
      }
      const player = await shared.open();
      if (player === null) return refuse(reply.header("retry-after", "1"), "CAPACITY_REACHED");
      return carefully(player, () => playReset(player, options, keys));
    },
  );

  app.post<{ Body: StepBody }>(
    "/step",
    { config: { holdsAction: true }, schema: { body: StepBody, response: { 200: ObservationReply } } },
    (request, reply) => {
      const player = playerFor(request, reply);
      if (player === null) return reply;
      const { action } = request.body;
      return carefully(
        player,
        () => playStep(player, action, keysOf(request.body), context),
        namedSession(request) === null,
      );
    },
  );

  app.get("/state", { schema: { response: { 200: StateSchema } } }, (request, reply) => {
    const player = playerFor(request, reply);
    return player === null ? reply : player.state();
  });
}

/** Opens a session, and frees it again if its first reset is refused. */
async function resetNew(
  request: FastifyRequest,
  reply: FastifyReply,
  { sessions }: ServerContext,
  options: object,
  keys: RequestKeys,
): Promise<unknown> {
  if (!isAgentName(request)) return refuse(reply, "BAD_AGENT_NAME");
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  const live = await sessions.open({ carrier: null, signal: gone.signal, agent: agentName(request) });
  if (live === null) return refuse(reply.header("retry-after", "1"), "CAPACITY_REACHED");
  try {
    const body = playReset(live, options, keys);
    reply.header(SESSION_HEADER, live.id);
    return body;
  } catch (error) {
    live.release();
    throw error;
  }
}

/** Drops the episode after an unexpected error; says more about a missing reset where no call has a memory. */
function carefully<Result>(player: Player, play: () => Result, forgetful = false): Result {
  try {
    return play();
  } catch (error) {
    if (!(error instanceof EnvError)) player.abandon();
    else if (error.code === "NOT_RESET" && forgetful) error.message = `${error.message} ${WAY_OUT}`;
    throw error;
  }
}

const WAY_OUT =
  "Without a session each call meets an environment of its own: POST /reset with the header X-Session-Id: new, " +
  "and send the id that comes back; or play over /ws.";

/** A reset's body: options, and beside them what names the request. */
function resetRequest(body: ResetBody): { readonly options: object; readonly keys: RequestKeys } {
  const own = Object.entries(body ?? {}).filter(([name]) => name !== "request_id" && name !== "expected_step");
  return { options: Object.fromEntries(own), keys: keysOf(body ?? {}) };
}

const keysOf = ({ request_id, expected_step }: NonNullable<ResetBody>): RequestKeys => ({
  requestId: request_id ?? undefined,
  expectedStep: expected_step ?? undefined,
});
