import type { OutsideEpisode } from "../agents/command/outside.ts";
import type { ClientReset, EnvClient } from "../env/client/client.ts";
import type { ResetTurn, StepTurn } from "../env/contract/index.ts";

/** Where outside programs play: the agent plane of one episode each, and the harness's view of it. */
export interface AgentPlane {
  /** Opens a session; its episode begins with the client's reset. */
  open(): Promise<PlaneEpisode>;
  close(): Promise<void>;
}

/** One episode, from both sides. */
export interface PlaneEpisode {
  /** The harness's: a step gives back what the program's next action came to. */
  readonly client: EnvClient;
  /** The program's. */
  readonly outside: OutsideEpisode;
}

/** An episode as the server hosts it. */
interface HostedEpisode extends Pick<OutsideEpisode, "next"> {
  reset(request?: ClientReset): ResetTurn;
  step(): StepTurn;
  close(): void;
}

/** A listener that hosts episodes. */
export interface Host<Episode extends HostedEpisode> {
  open(): Promise<Episode>;
  addressOf(episode: Episode): string;
  close(): Promise<void>;
}

/** A host's episodes as the runner plays them. */
export const agentPlane = <Episode extends HostedEpisode>(host: Host<Episode>): AgentPlane => ({
  async open() {
    const episode = await host.open();
    return { client: clientOf(episode), outside: outsideOf(host, episode) };
  },
  close: () => host.close(),
});

/** It cannot cut the episode short: by then the program may have gone on. */
const clientOf = (episode: HostedEpisode): EnvClient => ({
  reset: async (request) => episode.reset(request),
  step: async () => episode.step(),
  state: () => Promise.reject(new TypeError("The state of an episode that is played from outside is not asked for.")),
  close: async () => episode.close(),
});

const outsideOf = <Episode extends HostedEpisode>(host: Host<Episode>, episode: Episode): OutsideEpisode => ({
  get links() {
    const address = host.addressOf(episode); // another one after each reset
    return { mcpUrl: `${address}/mcp`, wsUrl: `${address.replace(/^http/, "ws")}/ws`, httpUrl: address };
  },
  next: (signal) => episode.next(signal),
});
