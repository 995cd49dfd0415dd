import { careless, methodical } from "../mock-models/models.ts";
import { startMockProvider } from "../mock-provider/server.ts";
import { parseConfig } from "../provider/config.ts";
import type { Agents } from "./agent-options.ts";

/** Language models of a provider in this process, and who plays with them. */
export interface MockModels {
  /** For `--agents`: one model under two profiles, another under one. */
  readonly players: readonly string[];
  readonly agents: Agents;
  readonly close: () => Promise<void>;
}

/** Calls at once: enough that the demo does not wait for its own provider. */
const IN_FLIGHT = 4;

/** Serves a model that works methodically and one that does not, over HTTP on loopback. */
export async function mockModels(): Promise<MockModels> {
  const providers = {
    methodical: await startMockProvider({ reply: methodical }),
    careless: await startMockProvider({ reply: careless }),
  };
  const entry = (name: keyof typeof providers) => ({
    model: `mock-${name}`,
    base_url: providers[name].baseUrl(),
    deployment: "local",
    engine_name: "mock provider",
    hardware: "this process",
    policy: { max_in_flight: IN_FLIGHT },
  });
  const models = { methodical: entry("methodical"), careless: entry("careless") };
  const config = parseConfig(JSON.stringify({ models }), "the mock provider");
  return {
    players: ["tools:methodical", "react:methodical", "tools:careless"],
    agents: { config, sources: { config, configFolder: ".", overrides: {}, assisted: false }, policy: {} },
    close: async () => {
      await Promise.all(Object.values(providers).map((provider) => provider.close()));
    },
  };
}
