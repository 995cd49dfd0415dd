import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EnvClient } from "../../env/client/client.ts";
import type { Backend } from "../../env/store/backend.ts";
import { openCheckpoints } from "../checkpoint/checkpoints.ts";
import { systemClock } from "../clock.ts";
import { UsageError } from "../errors.ts";
import { programLog } from "../finished.ts";
import type { Plan } from "../plan.ts";
import { assertPriced, BudgetRule } from "../provider/budget.ts";
import type { Budget } from "../provider/budget.ts";
import { PAUSE_FILE } from "../provider/pause-file.ts";
import { DEFAULT_RULES, resumePlan, runPlan } from "../run.ts";
import type { RunDeps, RunFacts, RunRules, RunSummary } from "../run.ts";
import { Stops } from "../stops.ts";
import { rememberUse } from "../used-before.ts";
import type { Agents } from "./agent-options.ts";
import { runFacts } from "./facts.ts";
import { FileGuard } from "./file-guard.ts";
import { showLife } from "./life-signs.ts";
import { openModels } from "./open-models.ts";
import type { OpenedModels } from "./open-models.ts";
import { runView } from "./run-view/view.ts";
import type { RunView } from "./run-view/view.ts";
import { onSignals } from "./signals.ts";
import type { Wiring } from "./wiring.ts";

/** What is played, and how. */
export interface PlayRequest {
  readonly plan: Plan;
  readonly backend: Backend;
  readonly concurrency: number;
  readonly connect: () => Promise<EnvClient>;
  readonly name?: string | undefined;
  /** Where models and programs come from; null where none play. */
  readonly agents: Agents | null;
  readonly rules?: Partial<RunRules>;
  readonly budget?: Budget;
  /** Cut episodes, too, when the budget is used up. */
  readonly isBudgetHard?: boolean;
  /** Absent: where pauses are asked for by default; null: nowhere. */
  readonly pauseFile?: string | null;
  /** What the run was asked for, so that it can be resumed without saying it again. */
  readonly asked?: readonly object[];
  /** Whether it goes on with a stored run. */
  readonly isResumed?: boolean;
  /** Where checkpoints, and what programs print, are kept. */
  readonly folder: string;
  /** The file that the backend is kept in. Absent: nobody looks whether it is still there. */
  readonly db?: string;
  readonly json?: boolean;
}

/**
 * Plays a plan with progress on stderr. The first interrupt finishes the current episodes and pauses, the second cuts
 * them, the third ends the process.
 */
export async function playPlan(wiring: Wiring, request: PlayRequest): Promise<RunSummary> {
  const { plan, backend, concurrency, rules = {} } = request;
  if (plan.slots.length === 0) throw new UsageError("There is nothing to play.");
  const view = runView(request.json === true);
  const stops = new Stops(request.pauseFile === undefined ? PAUSE_FILE : request.pauseFile);
  const guard = new FileGuard(request.db ?? "memory:");
  const budget = new BudgetRule(request.budget ?? {});
  if (request.isResumed === true) await rememberUse(budget, backend.results, plan.runId);
  const models = openedModels(request, view, stops, budget);
  const life = showLife(view.say);
  const releaseSignals = pauseOnSignals(stops, view);
  const store = models?.store ?? backend.results;
  const deps: RunDeps = {
    store,
    jobs: backend.jobs,
    clock: systemClock,
    connect: request.connect,
    nearby: wiring.nearby,
    referenceFor: wiring.referenceFor,
    ...(models === null ? {} : { models: models.models }),
    openPlane: wiring.openPlane,
    stops,
    budget,
    checkpoints: openCheckpoints(request.folder, { store, onProblem: view.say }),
    pulse: (beat) =>
      everySecond(() => {
        if (!guard.isInPlace()) stops.ask("now", "the loss of the database's file");
        beat();
      }),
    onStep: life.onStep,
    onEpisode: (event) => {
      life.onEpisode(event);
      view.episode(event);
    },
    onHalt: view.halt,
    onBudget: view.budget,
    onOutput: (episodeId, output) => keepOutput(request.folder, episodeId, programLog(output)),
  };
  const scored = request.isResumed === true ? await store.slots(plan.runId, "scored") : [];
  view.launch(plan, scored.length);
  const play = request.isResumed === true ? resumePlan : runPlan;
  let summary: RunSummary | null = null;
  try {
    const ended = await play(plan, factsOf(request, models), concurrency, deps, { ...DEFAULT_RULES, ...rules });
    guard.assertInPlace(plan.runId, request.folder);
    return (summary = ended);
  } catch (error) {
    guard.assertInPlace(plan.runId, request.folder); // explains whatever else it led to
    throw error;
  } finally {
    releaseSignals();
    life.stop();
    view.end(summary);
    await models?.close();
  }
}

function openedModels(
  { plan, backend, agents, isBudgetHard, budget: bounds = {} }: PlayRequest,
  view: RunView,
  stops: Stops,
  budget: BudgetRule,
): OpenedModels | null {
  if (agents === null) return null;
  const asked = plan.variants.flatMap(({ model }) => (model === null ? [] : [model]));
  assertPriced(bounds, asked, agents.config.prices, systemClock.now());
  const stop = (): string | null => {
    stops.look();
    return isBudgetHard === true && budget.isUsedUp ? "budget" : null;
  };
  const onAttempt = budget.callEnded.bind(budget);
  return openModels(agents, asked, backend.results, plan.runId, { onWait: view.wait, stop, onAttempt });
}

function pauseOnSignals(stops: Stops, { say }: RunView): () => void {
  const step = (wish: "episode" | "now", text: string) => (): void => {
    say(text);
    stops.ask(wish, "a signal");
  };
  return onSignals([
    step("episode", "Pausing after the current episodes; interrupt again to cut them."),
    step("now", "Cutting the current episodes; interrupt again to end at once."),
  ]);
}

const PULSE_MS = 1000;

function everySecond(beat: () => void): () => void {
  const timer = setInterval(beat, PULSE_MS);
  return () => clearInterval(timer);
}

function factsOf({ plan, name, agents, asked }: PlayRequest, models: OpenedModels | null): RunFacts {
  const facts = runFacts(plan.suite, { command: spokenCommand() });
  const policy = models?.policy ?? {};
  const prices = agents?.config.prices ?? [];
  return {
    ...facts,
    policy,
    prices,
    ...(asked === undefined ? {} : { asked }),
    ...(name === undefined ? {} : { name }),
  };
}

/** The command line without the salt, which makes seeds secret. */
function spokenCommand(): string[] {
  const words = process.argv.slice(2);
  return words.map((word, i) => {
    if (words[i - 1] === "--salt") return "***";
    return word.startsWith("--salt=") ? "--salt=***" : word;
  });
}

function keepOutput(folder: string, episodeId: string, text: string): void {
  const logs = join(folder, "logs");
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  writeFileSync(join(logs, `${episodeId}.txt`), text, { mode: 0o600 });
}
