import { localClient } from "../../env/client/local.ts";
import type { Backend } from "../../env/store/backend.ts";
import type { CommandSources } from "../../eval/command-variants.ts";
import { systemClock } from "../../eval/clock.ts";
import { runModels } from "../../eval/models.ts";
import { makePlan } from "../../eval/plan.ts";
import type { Plan } from "../../eval/plan.ts";
import { parseConfig } from "../../eval/provider/config.ts";
import type { OncallConfig } from "../../eval/provider/config.ts";
import { openConnections } from "../../eval/provider/connections.ts";
import type { Connections } from "../../eval/provider/connections.ts";
import { DEFAULT_RULES, runPlan } from "../../eval/run.ts";
import type { RunDeps, RunRules, RunSummary } from "../../eval/run.ts";
import { Stops } from "../../eval/stops.ts";
import { readVariants } from "../../eval/variants.ts";
import { coreSuite } from "../../tasks/index.ts";
import { referenceFor } from "../../tasks/reference.ts";

const FACTS = { versions: { env: "1.0.0" }, config: {}, gitCommit: null, gitDirty: null };

/** A policy under which nothing waits for the clock. */
export const HASTY = { max_retries: 0, breaker_threshold: 1000, min_interval_s: 0, rate_limit: 0 };

/** A configuration of models by name and address. */
export const modelsAt = (addresses: Readonly<Record<string, string>>, changes: object = {}): OncallConfig =>
  parseConfig(
    JSON.stringify({
      models: Object.fromEntries(
        Object.entries(addresses).map(([name, base_url]) => [
          name,
          { model: name, base_url, policy: HASTY, ...changes },
        ]),
      ),
    }),
    "test",
  );

/** A plan of agents and tasks of the suite that ships. */
export function planned(
  agents: string,
  from: OncallConfig | CommandSources,
  taskIds: readonly string[],
  changes: Partial<Plan> = {},
): Plan {
  const { config, configFolder } = "config" in from ? from : { config: from, configFolder: "." };
  const sources = { config, configFolder, overrides: {}, assisted: false };
  return makePlan({
    runId: "run-1",
    suite: coreSuite,
    tasks: coreSuite.tasks.filter(({ id }) => taskIds.includes(id)),
    variants: readVariants(agents, sources),
    trials: 1,
    baseSeed: 0,
    salt: "",
    ...changes,
  });
}

const redact = (text: string): string => text;

/** Plays a plan whose models answer through the real client. */
export async function playedRun(
  plan: Plan,
  config: OncallConfig,
  { results: store, jobs }: Backend,
  { rules = {}, ...deps }: Partial<RunDeps> & { readonly rules?: Partial<RunRules> } = {},
): Promise<RunSummary> {
  const connections: Connections = openConnections();
  const models = runModels({ config, store, clock: systemClock, connections, redact, env: {}, runId: plan.runId });
  try {
    return await runPlan(
      plan,
      FACTS,
      3,
      {
        store,
        jobs,
        clock: systemClock,
        connect: () => Promise.resolve(localClient(coreSuite)),
        nearby: () => localClient(coreSuite),
        referenceFor,
        models,
        stops: new Stops(),
        ...deps,
      },
      { ...DEFAULT_RULES, ...rules },
    );
  } finally {
    await connections.close();
  }
}
