import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EnvClient } from "../../env/client/client.ts";
import type { ResultStore } from "../../env/store/store.ts";
import { systemClock } from "../clock.ts";
import { UsageError } from "../errors.ts";
import { programLog } from "../finished.ts";
import type { Plan } from "../plan.ts";
import { DEFAULT_RULES, runPlan } from "../run.ts";
import type { EpisodeEvent, RunDeps, RunFacts, RunRules, RunSummary } from "../run.ts";
import type { Agents } from "./agent-options.ts";
import { runFacts } from "./facts.ts";
import { showLife } from "./life-signs.ts";
import { openModels } from "./open-models.ts";
import { note } from "./output.ts";
import { showProgress } from "./progress.ts";
import { onInterrupt } from "./signals.ts";
import type { Wiring } from "./wiring.ts";

/** What is played, and how. */
export interface PlayRequest {
  readonly plan: Plan;
  readonly store: ResultStore;
  readonly concurrency: number;
  readonly connect: () => Promise<EnvClient>;
  readonly name?: string | undefined;
  /** Where models and programs come from; null where none play. */
  readonly agents: Agents | null;
  readonly rules?: Partial<RunRules>;
  /** Where what programs print is kept. */
  readonly folder: string;
}

/** Plays a plan with progress on stderr; the first interrupt finishes the current episodes and stops. */
export async function playPlan(wiring: Wiring, request: PlayRequest): Promise<RunSummary> {
  const { plan, agents, concurrency, rules = {} } = request;
  if (plan.slots.length === 0) throw new UsageError("There is nothing to play.");
  const asked = plan.variants.flatMap(({ model }) => (model === null ? [] : [model]));
  const models = agents === null ? null : openModels(agents, asked, request.store, plan.runId);
  const progress = showProgress(plan.slots.length);
  const life = showLife();
  const interrupt = onInterrupt(() => note("Stopping after the current episodes; interrupt again to stop at once."));
  const deps: RunDeps = {
    store: models?.store ?? request.store,
    clock: systemClock,
    connect: request.connect,
    nearby: wiring.nearby,
    referenceFor: wiring.referenceFor,
    ...(models === null ? {} : { models: models.models }),
    openPlane: wiring.openPlane,
    signal: interrupt.signal,
    onStep: life.onStep,
    onEpisode: (event) => {
      life.onEpisode(event);
      progress.update(event);
      if (event.error !== null) note(complaint(event));
    },
    onHalt: ({ variants, reason }) => note(`Stopped ${variants.join(", ")}: ${reason}`),
    onOutput: (episodeId, output) => keepOutput(request.folder, episodeId, programLog(output)),
  };
  try {
    return await runPlan(plan, factsOf(request, models?.policy), concurrency, deps, { ...DEFAULT_RULES, ...rules });
  } finally {
    interrupt.dispose();
    life.stop();
    progress.stop();
    await models?.close();
  }
}

function factsOf({ plan, name, agents }: PlayRequest, policy: RunFacts["policy"] = {}): RunFacts {
  const facts = runFacts(plan.suite, { command: process.argv.slice(2) });
  return { ...facts, policy, prices: agents?.config.prices ?? [], ...(name === undefined ? {} : { name }) };
}

/** A bug of ours is shown with its place. */
const complaint = ({ slot, outcome, error, stack }: EpisodeEvent): string =>
  `${slot.task.id} ${slot.variant.label}: ${outcome}: ${stack ?? error}`;

function keepOutput(folder: string, episodeId: string, text: string): void {
  const logs = join(folder, "logs");
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  writeFileSync(join(logs, `${episodeId}.txt`), text, { mode: 0o600 });
}
