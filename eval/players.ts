import type { OutsideEpisode } from "../agents/command/outside.ts";
import type { EnvClient } from "../env/client/client.ts";
import type { AgentPlane } from "./agent-plane.ts";
import type { OpenModel, RunModels } from "./models.ts";
import type { EpisodeModel } from "./provider/chat-model.ts";
import type { Variant } from "./variants.ts";

/** Where an episode's environment and answers come from. */
export interface PlayerDeps {
  readonly connect: () => Promise<EnvClient>;
  readonly models?: RunModels;
  readonly openPlane?: () => Promise<AgentPlane>;
}

/** What one episode is played with. */
export interface Seat {
  readonly client: EnvClient;
  readonly model: EpisodeModel | null;
  readonly outside: OutsideEpisode | null;
  /** @param reusable whether the connection can take another episode */
  leave(reusable: boolean): Promise<void>;
}

/** Models, connections and the plane of a run: opened when first needed, closed at its end. */
export class Players {
  readonly #deps: PlayerDeps;
  readonly #models: ReadonlyMap<string, OpenModel>;
  readonly #endpoints: ReadonlyMap<string, readonly string[]>;
  readonly #idle: EnvClient[] = [];
  #plane: Promise<AgentPlane> | null = null;

  /** Throws UsageError for a model that cannot be opened, such as one whose key is missing. */
  constructor(variants: readonly Variant[], deps: PlayerDeps) {
    this.#deps = deps;
    this.#models = openAll(variants, deps.models);
    this.#endpoints = grouped(variants, (variant) => this.endpointOf(variant));
  }

  /** Whose failures a variant shares: its model's endpoint, or its program; null where nobody outside can fail. */
  endpointOf({ model, agent, label }: Variant): string | null {
    if (model !== null) return this.#models.get(model.name)?.endpointKey ?? null;
    return agent.kind === "command" ? label : null;
  }

  /** Labels of the variants at an endpoint. */
  variantsAt(endpoint: string): readonly string[] {
    return this.#endpoints.get(endpoint) ?? [];
  }

  /** Calls that an endpoint takes at once: more episodes would only wait for each other. Null: it does not say. */
  atOnce(endpoint: string): number | null {
    const models = [...this.#models.values()].filter(({ endpointKey }) => endpointKey === endpoint);
    return models.length === 0 ? null : Math.max(...models.map(({ maxInFlight }) => maxInFlight));
  }

  /** @param episodeId under which calls are stored; null for an episode that is not */
  async sit({ model, agent }: Variant, episodeId: string | null): Promise<Seat> {
    if (agent.kind === "command") return this.#sitOutside();
    const client = this.#idle.pop() ?? (await this.#deps.connect());
    return {
      client,
      model: model === null ? null : (this.#models.get(model.name)?.forEpisode(episodeId) ?? null),
      outside: null,
      leave: async (reusable) => {
        if (reusable) this.#idle.push(client);
        else await client.close();
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((client) => client.close()));
    await (await this.#plane)?.close();
  }

  async #sitOutside(): Promise<Seat> {
    const { openPlane } = this.#deps;
    if (openPlane === undefined) throw new TypeError("There is no agent plane for outside programs to play on.");
    const { client, outside } = await (await (this.#plane ??= openPlane())).open();
    return { client, model: null, outside, leave: () => client.close() };
  }
}

function openAll(variants: readonly Variant[], models: RunModels | undefined): Map<string, OpenModel> {
  const opened = new Map<string, OpenModel>();
  for (const { model, label } of variants) {
    if (model === null || opened.has(model.name)) continue;
    if (models === undefined) throw new TypeError(`${label} needs a model, and this run can open none.`);
    opened.set(model.name, models.open(model));
  }
  return opened;
}

function grouped(variants: readonly Variant[], endpointOf: (variant: Variant) => string | null): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const variant of variants) {
    const endpoint = endpointOf(variant);
    if (endpoint !== null) groups.set(endpoint, [...(groups.get(endpoint) ?? []), variant.label]);
  }
  return groups;
}
