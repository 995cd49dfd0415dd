import { sha256 } from "../../../env/store/canonical.ts";
import { variantId } from "../../../env/store/identity.ts";
import type {
  CallEnd,
  FinishedEpisode,
  GateRules,
  NewCall,
  NewRun,
  NewSlot,
  NewStep,
  NewSuite,
  ResultStore,
  RunOwner,
  RunPlan,
  TaskSpecRecord,
  VariantIdentity,
} from "../../../env/store/store.ts";

/** Small valid records, of which a test changes what it is about. */

export const suite: NewSuite = {
  suite: "core",
  version: "1.0.0",
  manifest: { tasks: ["inc-101", "inc-102"] },
  manifestSha256: sha256("manifest"),
  envVersion: "1.0.0",
  scoringVersion: "1.0.0",
};

export const aRun = (runId: string, changes: Partial<NewRun> = {}): NewRun => ({
  runId,
  createdAt: 1_700_000_000_000,
  suite: "core",
  suiteVersion: "1.0.0",
  filter: {},
  trials: 1,
  baseSeed: 0,
  fingerprint: sha256("fingerprint"),
  config: {},
  policy: {},
  prices: [],
  versions: { env: "1.0.0" },
  ...changes,
});

export const aVariant = (label: string): VariantIdentity => ({
  label,
  kind: "random",
  harness: "oncall-gym",
  harnessVersion: "1.0.0",
  assisted: false,
  sampling: {},
});

export const aSpec = (taskId: string): TaskSpecRecord => ({
  specHash: sha256(taskId),
  suite: "core",
  taskId,
  specVersion: 1,
  difficulty: "easy",
  spec: { id: taskId },
});

export const aSlot = (label: string, taskId: string, ordinal: number): NewSlot => ({
  variantId: variantId(aVariant(label)),
  specHash: sha256(taskId),
  seed: 1_000_000 + ordinal,
  trial: 0,
  ordinal,
});

/** Every label on every task, in this order. */
export const aPlan = (labels: readonly string[], taskIds: readonly string[]): RunPlan => ({
  variants: labels.map(aVariant),
  taskSpecs: taskIds.map(aSpec),
  slots: labels.flatMap((label, row) =>
    taskIds.map((taskId, column) => aSlot(label, taskId, row * taskIds.length + column)),
  ),
});

export const aStep = (step: number, changes: Partial<NewStep> = {}): NewStep => ({
  step,
  action: { type: "check_status", service: "cache" },
  valid: true,
  extraToolCalls: 0,
  reward: 0.25,
  observationSha256: sha256(`observation ${step}`),
  at: 1_700_000_000_000 + step,
  ...changes,
});

export const finished = (episodeId: string, changes: Partial<FinishedEpisode> = {}): FinishedEpisode => ({
  episodeId,
  outcome: "failure",
  terminalReason: "resolved",
  score: 0.5,
  invalidActions: 0,
  repeatedActions: 0,
  changes: 0,
  wrongChanges: 0,
  distractorChanges: 0,
  providerCalls: 0,
  providerFailures: 0,
  costComplete: true,
  endedAt: 1_700_000_001_000,
  steps: [aStep(1), aStep(2)],
  ...changes,
});

export const anEndpoint = sha256("endpoint");

/** A policy that holds nothing up; a test tightens what it is about. */
export const someRules = (changes: Partial<GateRules> = {}): GateRules => ({
  minIntervalMs: 0,
  rateLimit: 0,
  rateWindowMs: 60_000,
  breakerThreshold: 3,
  breakerPauseMs: 60_000,
  maxInFlight: 4,
  inFlightExpiryMs: 125_000,
  maxRetryAfterMs: 300_000,
  ...changes,
});

export const aCall = (callId: string, changes: Partial<NewCall> = {}): NewCall => ({
  callId,
  requestNo: 1,
  attempt: 1,
  endpointKey: anEndpoint,
  modelRequested: "model",
  waits: {},
  ...changes,
});

export const okEnd = (finishedAt: number, changes: Partial<CallEnd> = {}): CallEnd => ({
  state: "ok",
  finishedAt,
  ...changes,
});

export const failedEnd = (finishedAt: number, changes: Partial<CallEnd> = {}): CallEnd => ({
  state: "failed",
  finishedAt,
  errorClass: "server",
  breakerCounted: true,
  ...changes,
});

/** Creates and plans a run. Returns its slot ids in the order of play. */
export async function planned(store: ResultStore, runId: string, plan: RunPlan, run: Partial<NewRun> = {}) {
  await store.createRun(aRun(runId, run), suite);
  await store.plan(runId, plan);
  return (await store.slots(runId)).map(({ slotId }) => slotId);
}

/** Takes a slot that must be free. Returns the id of the attempt. */
export async function started(store: ResultStore, slotId: string): Promise<string> {
  const start = await store.startEpisode(slotId, 1_700_000_000_500);
  if (start.status !== "started") throw new Error(`Expected a free slot, got one that is ${start.state}.`);
  return start.episodeId;
}

/** A process that plays runs; its token is its name. */
export const anOwner = (token: string, changes: Partial<RunOwner> = {}): RunOwner => ({
  token,
  pid: 4711,
  host: "here",
  bootId: "boot",
  startedAt: "12345",
  ...changes,
});

/** Takes a run that must be free, for the process of that name. */
export async function held(store: ResultStore, runId: string, token: string): Promise<void> {
  const answer = await store.holdRun(runId, { owner: anOwner(token), at: 1_700_000_000_000, replaces: null });
  if (answer.status !== "held") throw new Error(`Expected a free run, got one that ${answer.owner.token} holds.`);
}
