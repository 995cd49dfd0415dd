import { existsSync, readFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { layout } from "../../agents/rl/sight.ts";
import { CheckpointError, checkpointText, readCheckpoint } from "../../agents/rl/checkpoint.ts";
import type { SavedPolicy, SpecIds } from "../../agents/rl/checkpoint.ts";
import { withFaultsReopened } from "../../agents/rl/reopen.ts";
import { imitate } from "../../agents/rl/imitation.ts";
import { openPolicy } from "../../agents/rl/policy.ts";
import { replaceFile } from "../../agents/rl/save.ts";
import { bandsAt, sizesOf } from "../../agents/rl/settings.ts";
import type { TrainSettings } from "../../agents/rl/settings.ts";
import { vectorIds } from "../../agents/rl/spec-ids.ts";
import { Trainer } from "../../agents/rl/trainer.ts";
import { initialWeights } from "../../agents/rl/weights.ts";
import type { EnvClient } from "../../env/client/client.ts";
import type { Suite } from "../../env/core/task.ts";
import { sha256 } from "../../env/store/canonical.ts";
import { suiteId } from "../../env/core/task.ts";
import { SCORING_VERSION } from "../../env/core/version.ts";
import type { Clock } from "../clock.ts";
import { UsageError } from "../errors.ts";
import { readCurve } from "./curve.ts";
import type { CurvePoint, CurveRow } from "./curve.ts";
import { demonstrationsOf } from "./demonstrations.ts";
import { addedTo, readDuration } from "./duration.ts";
import type { Duration } from "./duration.ts";
import { Environments } from "./environments.ts";
import { evaluate } from "./evaluate.ts";
import { addToLog, beginFolder, checkpointIn, rewindLog, trainFolder } from "./folder.ts";
import type { TrainFolder } from "./folder.ts";

/** What to train, and where its files go. */
export interface TrainPlan {
  readonly folder: string;
  /** Null: go on with the training in the folder, under its own settings. */
  readonly settings: TrainSettings | null;
  /** A checkpoint whose weights a new training starts from, with all faults reopened; null: none. */
  readonly from: string | null;
  /** Updates between two evaluations on unseen seeds, each of which is followed by a checkpoint. */
  readonly evaluateEvery: number;
  /** Episodes of each training task in an evaluation. */
  readonly trials: number;
  /** Threads that step environments; 0: none besides this one. Changes nothing but the time. */
  readonly workers: number;
}

export interface TrainDeps {
  readonly suite: Suite;
  /** An environment in this process, for evaluations. */
  readonly client: EnvClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onStart?: (start: { readonly steps: number; readonly planned: number }) => void;
  readonly onUpdate?: (row: CurveRow) => void;
  /** The learning curve as SVG; null when there is nothing to show. */
  readonly drawCurve: (points: readonly CurvePoint[]) => Promise<string | null>;
}

export interface TrainSummary {
  readonly status: "complete" | "stopped";
  readonly updates: number;
  readonly steps: number;
  readonly episodes: number;
  /** Best score on unseen seeds; null when there was no evaluation. */
  readonly bestScore: number | null;
  /** What it took, with earlier sittings. */
  readonly duration: Duration;
  readonly files: TrainFolder;
}

/**
 * Trains on the tasks of the training split, under training seeds. Stops between two updates when the signal is
 * aborted; checkpoint, log and figure are then whole, and training can go on from there to the same end.
 * @throws UsageError for a folder, settings or a checkpoint that cannot be used
 */
export async function train(plan: TrainPlan, deps: TrainDeps): Promise<TrainSummary> {
  const { clock, signal, suite } = deps;
  const spec: SpecIds = { ...vectorIds, suite: suiteId(suite), scoring_version: SCORING_VERSION };
  const saved = await startOf(plan, deps, spec);
  const { settings } = saved;
  const environments = new Environments(suite, settings, plan.workers);
  const files = plan.settings === null ? trainFolder(plan.folder) : beginFolder(plan.folder);
  rewindLog(files, saved.trainer.counters.updates);
  const began = { at: clock.monotonic(), cpu: process.cpuUsage() };
  const before = readDuration(files.times);
  const policy = await openPolicy(layout, saved.policy);
  const trainer = new Trainer(policy, settings, saved.trainer, (bands) => environments.for(bands));
  const evaluation = { tasks: environments.tasks, trials: plan.trials, baseSeed: settings.seed };
  const save = (path: string): void =>
    replaceFile(path, checkpointText({ spec, settings, policy: policy.state(), trainer: trainer.state }));
  const draw = async (): Promise<void> => {
    const figure = await deps.drawCurve(readLog(files));
    if (figure !== null) replaceFile(files.figure, figure);
  };
  let best = bestOf(readLog(files));
  if (settings.warmStart === "runbook" && saved.policy.steps === 0) {
    imitate(policy, await demonstrationsOf(environments.tasks, settings, { ...deps, signal: NEVER }), settings);
  }
  const start = { at: clock.monotonic(), steps: trainer.state.counters.steps };
  deps.onStart?.({ steps: start.steps, planned: settings.steps });
  try {
    while (!trainer.isDone && !signal.aborted) {
      const report = trainer.update();
      const isTime = trainer.isDone || report.updates % plan.evaluateEvery === 0;
      const figures = isTime ? await evaluate(policy, evaluation, { ...deps, signal: NEVER }) : null;
      const seconds = (clock.monotonic() - start.at) / 1000;
      const stepsPerSecond = (report.steps - start.steps) / seconds;
      const etaSeconds = Math.max(0, settings.steps - report.steps) / stepsPerSecond;
      const row: CurveRow = { ...report, evaluation: figures, stepsPerSecond, etaSeconds };
      addToLog(files, row);
      if (figures !== null && (best === null || figures.score > best)) {
        best = figures.score;
        save(files.best);
      }
      if (isTime) {
        save(files.checkpoint);
        await draw();
      }
      deps.onUpdate?.(row);
      await turn(); // a signal is heard between two updates
    }
    save(files.checkpoint);
    await draw();
  } finally {
    environments.close();
    policy.close();
  }
  const { counters } = trainer.state;
  const duration = addedTo(before, counters, clock.monotonic() - began.at, process.cpuUsage(began.cpu));
  replaceFile(files.times, `${JSON.stringify(duration)}\n`);
  return { status: trainer.isDone ? "complete" : "stopped", ...counters, bestScore: best, duration, files };
}

/** An evaluation that has begun is finished. */
const NEVER = new AbortController().signal;

/** Where a training starts: as it was left, from the weights of another, or from weights that are drawn. */
async function startOf(plan: TrainPlan, { suite }: TrainDeps, spec: SpecIds): Promise<SavedPolicy> {
  const { settings, from, workers } = plan;
  if (settings === null) return readSaved(trainFolder(plan.folder).checkpoint, () => checkpointIn(plan.folder), spec);
  if (from === null) return fresh(settings, spec);
  const text = readGiven(from);
  const other = readSaved(from, () => text, spec);
  const own = { ...settings, hidden: other.settings.hidden, shared: other.settings.shared, from: sha256(text) };
  const environments = new Environments(suite, own, workers);
  const policy = await openPolicy(layout, other.policy);
  const weights = withFaultsReopened(policy, environments.for(bandsAt(own, 1)), own);
  environments.close();
  policy.close();
  const begun = fresh(own, spec);
  return { ...begun, policy: { ...begun.policy, weights } };
}

function readGiven(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`Cannot read the checkpoint "${file}" (${code ?? "unknown"}).`, "oncall train");
  }
}

const fresh = (settings: TrainSettings, spec: SpecIds): SavedPolicy => {
  const sizes = sizesOf(settings);
  const weights = initialWeights(layout, sizes, settings.seed);
  return {
    spec,
    settings,
    policy: { sizes, weights, moments: null, steps: 0 },
    trainer: { counters: { updates: 0, steps: 0, episodes: 0 }, noveltyCounts: new Float64Array(layout.obsDim) },
  };
};

function readSaved(file: string, read: () => string, spec: SpecIds): SavedPolicy {
  try {
    return readCheckpoint(read(), layout, spec, file);
  } catch (error) {
    if (error instanceof CheckpointError) throw new UsageError(error.message, "oncall train into another folder");
    throw error;
  }
}

const readLog = ({ log }: TrainFolder): CurvePoint[] => (existsSync(log) ? readCurve(readFileSync(log, "utf8")) : []);

function bestOf(points: readonly CurvePoint[]): number | null {
  const scores = points.flatMap(({ evalScore }) => (evalScore === null ? [] : [evalScore]));
  return scores.length === 0 ? null : Math.max(...scores);
}
