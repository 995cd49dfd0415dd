import { join } from "node:path";
import { localClient } from "../../../env/client/local.ts";
import { openBackend } from "../../../env/store/backend.ts";
import type { DurableHook } from "../../../env/store/durable.ts";
import { openCheckpoints } from "../../../eval/checkpoint/checkpoints.ts";
import { systemClock } from "../../../eval/clock.ts";
import { runModels } from "../../../eval/models.ts";
import { makePlan } from "../../../eval/plan.ts";
import { parseConfig } from "../../../eval/provider/config.ts";
import { openConnections } from "../../../eval/provider/connections.ts";
import { resumePlan, runPlan } from "../../../eval/run.ts";
import type { RunSummary } from "../../../eval/run.ts";
import { Stops } from "../../../eval/stops.ts";
import { readVariants } from "../../../eval/variants.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { referenceFor } from "../../../tasks/reference.ts";

/** Where a small run is kept, and what its model is reached at. */
export interface Place {
  readonly folder: string;
  readonly baseUrl: string;
  /** Of three agents each; 1 when absent. */
  readonly trials?: number;
}

export const RUN = "20261121-000000-feed";
export const dbIn = (folder: string): string => join(folder, "oncall.db");
const FACTS = { versions: { env: "1.0.0" }, config: {}, gitCommit: null, gitDirty: null };
const POLICY = { min_interval_s: 0, rate_limit: 0, max_retries: 0 };

/** Plays a run of three episodes for each trial, one of them by a model, or what is left of it. */
export async function sitting({ folder, baseUrl, trials = 1 }: Place, durable: DurableHook): Promise<RunSummary> {
  const config = parseConfig(
    JSON.stringify({ models: { model: { model: "mock", base_url: baseUrl, policy: POLICY } } }),
    "sweep",
  );
  const connections = openConnections();
  const backend = await openBackend(dbIn(folder), { durable });
  try {
    const { results: store, jobs } = backend;
    const plan = makePlan({
      runId: RUN,
      suite: coreSuite,
      tasks: coreSuite.tasks.filter(({ id }) => id === "inc-117"),
      variants: readVariants("tools:model,random,expert", {
        config,
        configFolder: folder,
        overrides: {},
        assisted: false,
      }),
      trials,
      baseSeed: 0,
      salt: "",
    });
    const models = runModels({
      config,
      store,
      clock: systemClock,
      connections,
      redact: (text) => text,
      env: {},
      runId: RUN,
    });
    const play = (await store.run(RUN)) === null ? runPlan : resumePlan;
    return await play(plan, FACTS, 1, {
      store,
      jobs,
      clock: systemClock,
      connect: () => Promise.resolve(localClient(coreSuite)),
      nearby: () => localClient(coreSuite),
      referenceFor,
      models,
      stops: new Stops(),
      checkpoints: openCheckpoints(join(folder, RUN), { store, durable }),
    });
  } finally {
    await backend.close();
    await connections.close();
  }
}
