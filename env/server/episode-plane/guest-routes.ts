import type { FastifyInstance, FastifyReply } from "fastify";
import { ResetBody, StepBody } from "../../contract/http-bodies.ts";
import type { ServerContext } from "../context.ts";
import { refuse } from "../hooks/errors.ts";
import { playReset, playStep } from "../play.ts";
import { agentBody } from "./agent-body.ts";
import type { FollowedEpisode } from "./followed-episode.ts";
import { serveGuest } from "./guest-socket.ts";

type Handle = { Params: { handle: string } };
const config = { plane: "agent" } as const;

/**
 * What the agent under test may use besides MCP, under `/e/<handle>`: OpenEnv's frames at `/ws`, its `reset` and `step`
 * over HTTP.
 * @param find the episode of a handle; null when it leads to none
 */
export function guestRoutes(
  app: FastifyInstance,
  context: ServerContext,
  find: (handle: string) => FollowedEpisode | null,
): void {
  const withEpisode = (handle: string, reply: FastifyReply, use: (episode: FollowedEpisode) => object): object => {
    const episode = find(handle);
    return episode === null ? refuse(reply, "NOT_FOUND") : use(episode);
  };

  app.post<Handle & { Body: ResetBody }>(
    "/e/:handle/reset",
    { config, schema: { body: ResetBody } },
    (request, reply) =>
      withEpisode(request.params.handle, reply, ({ guest }) => agentBody(playReset(guest, request.body, {}))),
  );

  app.post<Handle & { Body: StepBody }>(
    "/e/:handle/step",
    { config: { ...config, holdsAction: true }, schema: { body: StepBody } },
    (request, reply) =>
      withEpisode(request.params.handle, reply, ({ guest }) => {
        const { action, request_id: id, expected_step: step } = request.body;
        const keys = { requestId: id ?? undefined, expectedStep: step ?? undefined };
        return agentBody(playStep(guest, action, keys, context));
      }),
  );

  app.route<Handle>({
    method: "GET",
    url: "/e/:handle/ws",
    config,
    schema: { hide: true },
    handler: (_request, reply) => refuse(reply, "NOT_FOUND"),
    wsHandler(socket, request) {
      const episode = find(request.params.handle);
      if (episode === null) socket.close(UNKNOWN);
      else serveGuest(socket, episode, context, request.log);
    },
  });
}

/** Policy violation: there is no such episode. */
const UNKNOWN = 1008;
