import { localClient } from "../../../env/client/local.ts";
import type { Backend } from "../../../env/store/backend.ts";
import { runModels } from "../../../eval/models.ts";
import type { Plan } from "../../../eval/plan.ts";
import { sendOnce } from "../../../eval/provider/client.ts";
import type { OncallConfig } from "../../../eval/provider/config.ts";
import { openConnections } from "../../../eval/provider/connections.ts";
import type { GateWait } from "../../../eval/provider/gate.ts";
import { DEFAULT_RULES, resumePlan, runPlan } from "../../../eval/run.ts";
import type { RunDeps, RunSummary } from "../../../eval/run.ts";
import { Stops } from "../../../eval/stops.ts";
import { coreSuite } from "../../../tasks/index.ts";
import { referenceFor } from "../../../tasks/reference.ts";
import type { VirtualClock } from "../provider/virtual-clock.ts";

const FACTS = { versions: {}, config: {}, gitCommit: null, gitDirty: null };

export interface VirtualSitting {
  readonly plan: Plan;
  readonly config: OncallConfig;
  readonly backend: Backend;
  readonly clock: VirtualClock;
  readonly isResumed?: boolean;
  readonly stops?: Stops;
  readonly deps?: Partial<RunDeps>;
  /** Told of every slice of every wait; the clock may be set here. */
  readonly onWait?: (wait: GateWait) => void;
}

/**
 * A sitting whose waits take no time: the real runner, gate, client library, sockets and store by a clock that stands
 * still while a request is under way.
 */
export async function sitVirtually(sitting: VirtualSitting): Promise<RunSummary> {
  const { plan, config, backend, clock, isResumed = false, stops = new Stops(), deps = {}, onWait } = sitting;
  const { results: store, jobs } = backend;
  const connections = openConnections();
  const sending = { count: 0 };
  const send: typeof sendOnce = async (client, request) => {
    sending.count += 1;
    try {
      return await sendOnce(client, request);
    } finally {
      sending.count -= 1;
    }
  };
  const sources = {
    send,
    config,
    store,
    clock,
    connections,
    redact: (text: string) => text,
    env: {},
    runId: plan.runId,
  };
  const models = runModels({ ...sources, onWait, stop: () => (stops.look(), null) });
  const all: RunDeps = {
    store,
    jobs,
    clock,
    connect: () => Promise.resolve(localClient(coreSuite)),
    nearby: () => localClient(coreSuite),
    referenceFor,
    models,
    stops,
    ...deps,
  };
  try {
    return await clock.run(
      (isResumed ? resumePlan : runPlan)(plan, FACTS, 1, all, DEFAULT_RULES),
      () => sending.count > 0,
    );
  } finally {
    await connections.close();
  }
}
