import type { AddressInfo } from "node:net";
import type { SessionJournal } from "../../contract/journal.ts";
import type { Suite } from "../../core/task.ts";
import { buildAgentApp, newContext } from "../app.ts";
import { readConfig } from "../config.ts";
import { FollowedEpisode } from "./followed-episode.ts";
import { guestRoutes } from "./guest-routes.ts";

/** Where agents under test play: a listener on loopback that holds episodes begun by the host, and nothing else. */
export interface EpisodePlane {
  /** Opens a session for one guest; its episode begins with the host's reset. */
  open(): Promise<FollowedEpisode>;
  /** Base address of an episode. */
  addressOf(episode: FollowedEpisode): string;
  close(): Promise<void>;
}

/** No guest is cut off for thinking long: its host decides how long it may take. */
const PATIENCE_S = 90_000;

/** Listens on a free port. Handles are 128 random bits, so that a guest finds no episode but its own. */
export async function openEpisodePlane(suite: Suite): Promise<EpisodePlane> {
  const episodes = new Map<string, FollowedEpisode>();
  const config = readConfig({ flags: { port: 0, callIdleS: PATIENCE_S } });
  const context = newContext({ suite, config, journals: [journalOf(episodes)] });
  const { sessions } = context;
  const app = await buildAgentApp(context);
  guestRoutes(app, context, (handle) => episodes.get(sessions.findByHandle(handle)?.id ?? "") ?? null);
  await app.listen({ host: config.host, port: config.port });
  const { port } = app.server.address() as AddressInfo;
  return {
    async open() {
      const live = await sessions.open({ carrier: null });
      if (live === null) throw new Error("The agent plane has no room for another episode.");
      const episode = new FollowedEpisode(live);
      episodes.set(live.id, episode);
      return episode;
    },
    addressOf: ({ handle }) => `http://${config.host}:${port}/e/${handle}`,
    async close() {
      context.draining = true;
      await app.close();
      sessions.close();
    },
  };
}

/** Passes on what happens in each session to who follows it. */
const journalOf = (episodes: Map<string, FollowedEpisode>): SessionJournal => ({
  reset: () => undefined,
  step: ({ id }, event) => episodes.get(id)?.took(event),
  abandoned: ({ id }) => episodes.get(id)?.broke(new Error("The environment failed in the middle of an episode.")),
  resumable: () => undefined,
  closed({ id }) {
    episodes.get(id)?.broke(new Error("The episode was closed."));
    episodes.delete(id);
  },
});
